import { faultKinds } from "../../src/faults/registry.ts";
import type { FaultProxy } from "../../src/faults/start-fault-proxy.ts";
import type { BeaconNode } from "../../testbed/src/devnet.ts";

/** A node that is made to fail, and the fault proxy through which all groups see it, in rounds that use one. */
export interface Victim {
  node: BeaconNode;
  proxy: FaultProxy | undefined;
}

/** One kind of fault: how it begins and how it ends; both resolve when it is in effect. */
export interface FaultPlan {
  kind: string;
  /** `node`: at the node itself, which the groups talk to directly. `proxy`: in front of it. */
  at: "node" | "proxy";
  begin(victim: Victim): void | Promise<unknown>;
  end(victim: Victim): void | Promise<unknown>;
}

const nodePlans: readonly FaultPlan[] = [
  { kind: "kill", at: "node", begin: ({ node }) => node.kill(), end: ({ node }) => node.restart() },
  { kind: "stop", at: "node", begin: ({ node }) => node.freeze(), end: ({ node }) => node.thaw() },
  ...(["syncing", "error", "hang"] as const).map((mode): FaultPlan => ({
    kind: `el-${mode}`,
    at: "node",
    begin: ({ node }) => node.setExecution(mode),
    end: ({ node }) => node.setExecution("valid"),
  })),
];

const proxyPlans = faultKinds.map((kind): FaultPlan => ({
  kind: `proxy-${kind}`,
  at: "proxy",
  begin: ({ proxy }) => proxy?.set({ kind }),
  end: ({ proxy }) => proxy?.set(undefined),
}));

/** SIGKILL, SIGSTOP, three ways in which the execution client fails, and every kind of the fault proxy. */
export const faultPlans: readonly FaultPlan[] = [...nodePlans, ...proxyPlans];
