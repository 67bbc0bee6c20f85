import type { FaultRequest } from "../control/provider.ts";
import type { FaultLease } from "../control/types.ts";
import { readFault } from "../faults/read-fault.ts";
import { startFaultProxy, type FaultProxy } from "../faults/start-fault-proxy.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Cancel, Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { UpstreamGroup } from "../upstream/types.ts";
import type { GatewayNode } from "./send/node-pools.ts";
import type { GatewayGroup } from "./types.ts";

/** Faults that a gateway shows on its nodes in drills. Each ends by itself, whatever becomes of the one who asked. */
export interface FaultLeases {
  /** Resolves when the fault is in effect. Rejects with `AppError` `faults-not-allowed`, `unknown-group`, `unknown-node`, `fault-unknown`, `fault-refused` or `fault-failed`. */
  start(request: FaultRequest): Promise<FaultLease>;
  /** The lease ends `leaseMs` from now. Throws `AppError` `unknown-fault`. */
  renew(id: string, leaseMs: number): FaultLease;
  /** Resolves when the fault is lifted; one that has ended is fine. */
  stop(id: string): Promise<void>;
  ofGroup(group: string): readonly FaultLease[];
  /** Ends the faults of nodes that a new configuration changes or drops. Called before it is taken over. */
  nodesChange(group: string, nodes: readonly GatewayNode[]): void;
  /** Lifts every fault and begins no other: the gateway drains. */
  endAll(): Promise<void>;
  /** Closes the proxies through which calls may still run. */
  close(): Promise<void>;
}

/** A group as faults need it. */
export interface FaultedGroup {
  upstream: Pick<UpstreamGroup, "repoint" | "view" | "onView">;
  proxy: Pick<GatewayGroup, "repoint">;
  /** As configured now. */
  nodes: readonly GatewayNode[];
}

export interface FaultLeaseOptions {
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  log: Logger;
  /** `gateway.allowFaults` of the running configuration. */
  isAllowed: () => boolean;
  group: (name: string) => FaultedGroup | undefined;
  /** Why this fault should not begin now; `undefined`: it may. Asked again when everything is ready for it. */
  refusal: (request: FaultRequest) => string | undefined;
  /** A fault began or ended, and why: for status, log and audit. */
  onChange: (what: "begun" | "ended", lease: FaultLease, group: string, why: string) => void;
}

const longestLeaseMs = 60_000;
/** How long the event stream may take to move to the proxy, so that the fault meets it open. */
const settleMs = 2_000;
/** Calls that run through a proxy whose fault has ended may go on for so long. */
const farewellMs = 12_500;

interface Shown {
  lease: FaultLease;
  group: FaultedGroup;
  groupName: string;
  node: GatewayNode;
  proxy: FaultProxy;
  cancelExpiry: Cancel;
  unlisten: () => void;
  ended: Promise<void> | undefined;
}

export function createFaultLeases(options: FaultLeaseOptions): FaultLeases {
  const { clock, random, log } = options;
  const shown = new Map<string, Shown>();
  /** Groups in which a fault is about to begin. */
  const starting = new Set<string>();
  const proxies = new Set<FaultProxy>();
  const closing = new AbortController();
  let isLeaving = false;

  async function start(request: FaultRequest): Promise<FaultLease> {
    const { group: groupName, node: name, kind } = request;
    const action = `show ${kind} on ${name}`;
    if (!options.isAllowed())
      throw new AppError(
        `${action}: this gateway shows no faults. Set gateway.allowFaults to true in its configuration, and start or upgrade it.`,
        { code: "faults-not-allowed" },
      );
    const fault = readFault(kind, request.settings);
    const group = options.group(groupName);
    if (!group) throw new AppError(`${action}: this gateway has no group ${groupName}`, { code: "unknown-group" });
    const node = group.nodes.find((each) => each.name === name);
    if (!node) throw new AppError(`${action}: group ${groupName} has no such node`, { code: "unknown-node" });
    const leaseMs = checkLease(request.leaseMs);
    const refuse = (why: string) => new AppError(`${action}: ${why}`, { code: "fault-refused" });
    const check = () => {
      if (isLeaving) throw refuse("the gateway is stopping");
      const why = options.refusal(request);
      if (why !== undefined) throw refuse(why);
    };
    if (starting.has(groupName) || [...shown.values()].some((each) => each.groupName === groupName))
      throw refuse("another fault is being shown in this group. Wait until it has ended");
    check();

    starting.add(groupName);
    let proxy: FaultProxy | undefined;
    try {
      proxy = await startFaultProxy({ targetUrl: node.url, headers: node.headers, clock, random });
      proxies.add(proxy);
      repoint(group, name, proxy.url);
      // Everything moves to the proxy first and the fault comes then, so that it meets open connections, as real ones do.
      await streamsThrough(proxy);
      check();
      await proxy.set(fault);
      // A reload may have taken the node away meanwhile.
      if (isLeaving || !hasSame(options.group(groupName)?.nodes ?? [], node)) throw refuse("the node has just changed");
    } catch (error) {
      repoint(group, name, undefined);
      if (proxy) void retire(proxy);
      if (error instanceof AppError && error.code === "fault-refused") throw error;
      throw new AppError(`${action}: ${describeError(error)}`, { code: "fault-failed", cause: error });
    } finally {
      starting.delete(groupName);
    }

    const startedAt = clock.now();
    const id = Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(12, "0");
    const lease: FaultLease = { id, node: name, kind, by: request.by, startedAt, expiresAt: startedAt + leaseMs };
    shown.set(id, {
      ...{ lease, group, groupName, node, proxy, ended: undefined },
      cancelExpiry: clock.after(leaseMs, () => void end(id, "its lease was not renewed")),
      // Lifted here and at once where the group needs the node: the one who asked may be far away.
      unlisten: group.upstream.onView((view) => {
        if (view.kind !== "serving" || view.ready.every((ready) => ready === name))
          void end(id, "the group needs the node");
      }),
    });
    log.warn({ group: groupName, node: name, kind, by: request.by, id }, "a drill shows a fault on a node");
    options.onChange("begun", lease, groupName, "asked for");
    return lease;
  }

  async function streamsThrough(proxy: FaultProxy): Promise<void> {
    const until = clock.monotonic() + settleMs;
    while (proxy.stats.openStreams === 0 && clock.monotonic() < until && !isLeaving)
      await clock.sleep(20, closing.signal);
  }

  function repoint(group: FaultedGroup, node: string, url: string | undefined): void {
    group.upstream.repoint(node, url);
    group.proxy.repoint(node, url);
  }

  function end(id: string, why: string): Promise<void> {
    const fault = shown.get(id);
    if (!fault) return Promise.resolve();
    return (fault.ended ??= lift(fault, why));
  }

  async function lift(fault: Shown, why: string): Promise<void> {
    const { lease, group, groupName, proxy } = fault;
    fault.cancelExpiry();
    fault.unlisten();
    // New calls go to the node itself from here on; then what the fault held up may pass.
    repoint(group, lease.node, undefined);
    try {
      await proxy.set(undefined);
    } catch (error) {
      log.debug({ node: lease.node, error: describeError(error) }, "the fault proxy could not open its port again");
    }
    shown.delete(lease.id);
    log.warn({ group: groupName, node: lease.node, kind: lease.kind, id: lease.id, why }, "the fault is lifted");
    options.onChange("ended", lease, groupName, why);
    void retire(proxy);
  }

  /** Lets calls under way through the proxy end, and closes it. */
  async function retire(proxy: FaultProxy): Promise<void> {
    const until = clock.monotonic() + farewellMs;
    while (proxy.stats.openConnections > 0 && clock.monotonic() < until && !closing.signal.aborted)
      await clock.sleep(250, closing.signal);
    proxies.delete(proxy);
    await proxy.stop();
  }

  return {
    start,
    renew(id, leaseMs) {
      const fault = shown.get(id);
      if (!fault || fault.ended)
        throw new AppError(`renew fault ${id}: it has ended. Begin another if it is still wanted.`, {
          code: "unknown-fault",
        });
      const longer = checkLease(leaseMs);
      fault.cancelExpiry();
      fault.lease = { ...fault.lease, expiresAt: clock.now() + longer };
      fault.cancelExpiry = clock.after(longer, () => void end(id, "its lease was not renewed"));
      return fault.lease;
    },
    stop: (id) => end(id, "asked for"),
    ofGroup: (name) => [...shown.values()].filter(({ groupName }) => groupName === name).map(({ lease }) => lease),
    nodesChange(name, nodes) {
      for (const { lease, groupName, node } of shown.values())
        if (groupName === name && !hasSame(nodes, node)) void end(lease.id, "the configuration changed the node");
    },
    async endAll() {
      isLeaving = true;
      await Promise.all([...shown.keys()].map((id) => end(id, "the gateway stops")));
    },
    async close() {
      isLeaving = true;
      closing.abort();
      await Promise.all([...shown.keys()].map((id) => end(id, "the gateway stops")));
      await Promise.all([...proxies].map((proxy) => proxy.stop()));
    },
  };
}

/** Is the node among these, reached as it was? */
function hasSame(nodes: readonly GatewayNode[], node: GatewayNode): boolean {
  const after = nodes.find(({ name }) => name === node.name);
  return after?.url === node.url && JSON.stringify(after.headers) === JSON.stringify(node.headers);
}

function checkLease(leaseMs: number): number {
  if (Number.isFinite(leaseMs) && leaseMs >= 1 && leaseMs <= longestLeaseMs) return leaseMs;
  throw new AppError(`show a fault for ${leaseMs} ms: a lease lasts 1 to ${longestLeaseMs} ms and is then renewed`, {
    code: "fault-refused",
  });
}
