import type { CallFailure } from "../beacon/call-result.ts";
import type { SyncingStatus } from "../beacon/routes.ts";
import type { ChainSpec, Genesis } from "../chain/types.ts";
import type { Fact, ForkEntry, ProbeAnswer, Wanted } from "./facts.ts";
import { judge } from "./judge.ts";
import { newGroup, type GroupState, type NodeState } from "./state.ts";
import type { ExpectedNetwork, OperatorState, Transition } from "./types.ts";

/** A chain of 12 s slots whose clock stands at slot 1000 when a test begins. */
export const slotMs = 12_000;
export const genesisTimeMs = 1_600_000_000_000;
export const startSlot = 1000;
export const startAt = genesisTimeMs + startSlot * slotMs + 1000;

export const root = (label: string): string => `0x${Buffer.from(label).toString("hex").padEnd(64, "0").slice(0, 64)}`;
/** The block of a slot on the main chain, or on another one. */
export const blockAt = (slot: number, chain = "m") => ({
  slot,
  root: root(`${chain}${slot}`),
  parentRoot: root(`${chain}${slot - 1}`),
});

export const spec: ChainSpec = {
  configName: "test",
  presetBase: "mainnet",
  slotDurationMs: slotMs,
  slotsPerEpoch: 32,
  epochsPerSyncCommitteePeriod: 256,
  forks: [{ name: "phase0", version: "0x00000001", epoch: 0 }],
  deadlines: { attestation: 3333, aggregate: 6667, syncMessage: 3333, contribution: 6667 },
  deadlinesGloas: { attestation: 2500, aggregate: 5000, syncMessage: 2500, contribution: 5000 },
  payloadAttestationDueBps: 7500,
};
export const genesis: Genesis = {
  genesisTimeMs,
  genesisValidatorsRoot: root("genesis"),
  genesisForkVersion: "0x00000001",
};
export const otherGenesis: Genesis = { ...genesis, genesisValidatorsRoot: root("elsewhere") };

const synced = { syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false };

export interface TestNode {
  name: string;
  priority?: number;
  client?: string;
  executionClient?: string;
}

/** A group on a frozen clock, fed fact by fact. */
export interface TestGroup {
  readonly state: GroupState;
  readonly now: number;
  readonly transitions: Transition[];
  /** What the judge wanted since the last look. */
  takeWanted(): Wanted[];
  tell(fact: Fact): void;
  answer(
    node: string,
    answer: ProbeAnswer,
    facts?: { askedAt?: number; serverTimeAt?: number; latencyMs?: number },
  ): void;
  syncing(node: string, changes?: Partial<SyncingStatus>): void;
  network(node: string, facts?: { genesis?: Genesis; spec?: ChainSpec; forks?: readonly ForkEntry[] }): void;
  /** The node's head becomes the block, whose header is known. */
  head(node: string, block: { slot: number; root: string; parentRoot: string }, isOptimistic?: boolean): void;
  fail(node: string, failure: Partial<CallFailure> & Pick<CallFailure, "kind">): void;
  finality(node: string, justified: [number, string], finalized: [number, string]): void;
  operator(node: string, operator: OperatorState): void;
  /** Everything that makes a node ready at the current slot. */
  makeReady(node: string, chain?: string): void;
  advance(ms: number): void;
  slotNow(): number;
  node(name: string): NodeState;
  health(name: string): string;
}

export function testGroup(nodes: readonly TestNode[], expected: ExpectedNetwork = { kind: "auto" }): TestGroup {
  let now = startAt;
  let wanted: Wanted[] = [];
  const transitions: Transition[] = [];
  let state = newGroup(
    {
      name: "g",
      network: expected,
      nodes: nodes.map((node) => ({ priority: 0, url: `http://${node.name}`, labels: {}, headers: {}, ...node })),
    },
    {},
    now,
  );
  const tell = (fact: Fact) => {
    const judged = judge(state, fact, now);
    state = judged.state;
    transitions.push(...judged.transitions);
    wanted.push(...judged.wanted);
  };
  const slotNow = () => Math.floor((now - genesisTimeMs) / slotMs);
  const group: TestGroup = {
    get state() {
      return state;
    },
    get now() {
      return now;
    },
    transitions,
    takeWanted() {
      const taken = wanted;
      wanted = [];
      return taken;
    },
    tell,
    answer(node, answer, facts = {}) {
      tell({
        kind: "answer",
        node,
        askedAt: facts.askedAt ?? now,
        latencyMs: facts.latencyMs ?? 5,
        serverTimeAt: facts.serverTimeAt,
        answer,
      });
    },
    syncing: (node, changes = {}) =>
      group.answer(node, {
        probe: "syncing",
        status: { headSlot: group.node(node).head?.slot ?? slotNow(), ...synced, ...changes },
      }),
    network(node, facts = {}) {
      group.answer(node, { probe: "genesis", genesis: facts.genesis ?? genesis });
      group.answer(node, { probe: "spec", spec: facts.spec ?? spec });
      if (facts.forks) group.answer(node, { probe: "forks", forks: facts.forks });
    },
    head(node, block, isOptimistic = false) {
      tell({ kind: "stream-head", node, slot: block.slot, root: block.root, isOptimistic });
      group.answer(node, { probe: "header", header: { ...block, isCanonical: true, proposerIndex: 0 } });
    },
    fail: (node, failure) =>
      tell({ kind: "probe-failed", node, probe: "syncing", failure: { message: `of ${node}`, ...failure } }),
    finality: (node, justified, finalized) =>
      group.answer(node, {
        probe: "finality",
        finality: {
          previousJustified: { epoch: justified[0] - 1, root: root("pj") },
          justified: { epoch: justified[0], root: root(justified[1]) },
          finalized: { epoch: finalized[0], root: root(finalized[1]) },
        },
      }),
    operator: (node, operator) => tell({ kind: "operator", node, operator, by: "test" }),
    makeReady(node, chain) {
      group.network(node);
      group.head(node, blockAt(slotNow(), chain));
      group.syncing(node);
    },
    advance(ms) {
      now += ms;
      tell({ kind: "tick" });
    },
    slotNow,
    node(name) {
      const found = state.nodes.find((node) => node.config.name === name);
      if (!found) throw new Error(`no node ${name}`);
      return found;
    },
    health: (name) => `${group.node(name).verdict.health}: ${group.node(name).verdict.reason}`,
  };
  return group;
}

/** Three nodes of three client pairs, all ready at the current slot. */
export function readyGroup(names: readonly string[] = ["a", "b", "c"]): TestGroup {
  const clients = ["lighthouse", "teku", "nimbus", "prysm"];
  const executions = ["geth", "besu", "nethermind", "reth"];
  const group = testGroup(
    names.map((name, index) => ({
      name,
      client: clients[index % 4] ?? "grandine",
      executionClient: executions[index % 4] ?? "erigon",
    })),
  );
  for (const name of names) group.makeReady(name);
  group.takeWanted();
  return group;
}

/** Moves on slot by slot; each named node gets each block, half a second into the slot. */
export function followChain(group: TestGroup, names: readonly string[], slots: number, chain?: string): void {
  for (let step = 0; step < slots; step++) {
    group.advance(slotMs);
    for (const name of names) {
      group.head(name, blockAt(group.slotNow(), chain));
      group.syncing(name);
    }
  }
}
