import { faultKinds } from "../../src/faults/registry.ts";
import type { FaultProxy } from "../../src/faults/start-fault-proxy.ts";
import type { CauseCode } from "../../src/duties/causes/reasons.ts";
import type { SimFault } from "../../src/sim/fault-kinds/types.ts";
import type { DrillBed } from "../../test/support/drill-bed.ts";
import type { ScriptedClient } from "./scripted-client.ts";
import type { VoteBook } from "./vote-book.ts";

export interface Bench {
  bed: DrillBed;
  client: ScriptedClient;
  book: VoteBook;
  /** What stands between the gateway and its nodes. */
  proxies: readonly FaultProxy[];
}

/** Something that goes wrong for some slots, and which causes are right for duties lost by it. */
export interface Injection {
  name: string;
  right: readonly CauseCode[];
  /** Lasts at least so many slots: longer than the gateway needs to see it at all. */
  leastSlots?: number;
  /** Begins it before `fromSlot`, for so many slots; resolves with what ends it. */
  begin(bench: Bench, fromSlot: number, slots: number): Promise<() => Promise<void>> | (() => Promise<void>);
}

const unreadable: readonly CauseCode[] = ["attestation-data-failed", "no-ready-node", "publish-failed"];

/** What a kind of fault on all nodes at once looks like from outside. `late` ones end within the duty's own slot. */
const rightOf: Readonly<Record<string, readonly CauseCode[]>> = {
  "stale-head": ["slow-node", "stale-head-served", "no-ready-node"],
  "wrong-fork": ["off-fork", "no-ready-node", "nodes-disagree"],
  "el-offline": ["el-offline", "no-ready-node"],
  drip: [...unreadable, "submitted-late"],
  "not-ready-206": [...unreadable, "node-syncing"],
  "frozen-stream": ["slow-node", "stale-head-served", "no-ready-node"],
};

/** Each of the gateway's fault kinds, on every node at once: on one alone nothing is lost. */
const faults: readonly Injection[] = faultKinds.map((kind) => ({
  name: `fault ${kind}`,
  right: rightOf[kind] ?? unreadable,
  async begin({ proxies }) {
    await Promise.all(proxies.map((proxy) => proxy.set({ kind })));
    return async () => void (await Promise.all(proxies.map((proxy) => proxy.set(undefined))));
  },
}));

/** Shown by the simulated nodes behind the gateway themselves. */
const onNodes = (name: string, right: readonly CauseCode[], fault: SimFault): Injection => ({
  name,
  right,
  begin({ bed }) {
    for (const node of bed.nodes) node.setFault(fault);
    return () => {
      for (const node of bed.nodes) node.clearFault(fault.kind);
      return Promise.resolve();
    };
  },
});

const habit = (name: string, right: readonly CauseCode[], change: Partial<ScriptedClient["habits"]>): Injection => ({
  name,
  right,
  begin({ client }) {
    const before = { ...client.habits };
    Object.assign(client.habits, change);
    return () => {
      Object.assign(client.habits, before);
      return Promise.resolve();
    };
  },
});

export const injections: readonly Injection[] = [
  habit("validator client paused", ["client-silent"], { isPaused: true }),
  {
    name: "late blocks",
    right: ["late-block"],
    begin({ bed, book }, fromSlot, slots) {
      for (let slot = fromSlot; slot < fromSlot + slots; slot++)
        book.lateSlots.set(slot, 0.6 * bed.chain.slotDurationMs);
      return () => Promise.resolve();
    },
  },
  onNodes("nodes frozen", unreadable, { kind: "hang" }),
  onNodes("execution client syncing", ["node-optimistic", "no-ready-node"], { kind: "optimistic" }),
  onNodes("nodes forked", ["off-fork", "no-ready-node", "nodes-disagree"], { kind: "wrong-fork" }),
  // Peers are asked for every ten seconds.
  { ...onNodes("nodes without peers", ["sent-to-zero-peers", "no-ready-node"], { kind: "peers-zero" }), leastSlots: 8 },
  habit("client publishes late", ["submitted-late"], { publishShare: 0.8 }),
  habit("client signs for a head that nobody knows", ["refused-by-nodes"], { headRoot: `0x${"77".repeat(32)}` }),
  habit("signer down", ["not-signed"], { isSignerDown: true }),
  {
    name: "held by an operator",
    right: ["held"],
    async begin({ bed }) {
      await bed.control.hold("main", "bench", "bench");
      return () => bed.control.release("main", "bench");
    },
  },
  ...faults,
];
