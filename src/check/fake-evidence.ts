import { parseChainSpec } from "../chain/chain-spec.ts";
import { makeReport } from "./report.ts";
import type { Evidence, Fact, NodeEvidence, VcEvidence } from "./evidence.ts";
import { failed } from "./facts.ts";
import type { VcReading } from "../signals/read-validator-client.ts";

/** Evidence for tests of the questions: a healthy fleet, in which a test changes one thing. */
export const nowMs = 1_700_000_000_000 + 1000 * 12_000 + 3000;
/** The wall-clock slot at `nowMs`; the epoch is 31. */
export const wallSlot = 1000;

export function known<T>(value: T, at = nowMs): Fact<T> {
  return { kind: "known", value, at, latencyMs: 10 };
}

export const dead = failed("refused", "connection refused");

const spec = parseChainSpec({ SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256" });
const root = (text: string) => `0x${text.repeat(32)}`;
export const rootA = root("aa");
export const rootB = root("bb");

export function fakeNode(
  name: string,
  changes: Partial<NodeEvidence> = {},
  kind: "node" | "reference" = "node",
): NodeEvidence {
  if (!spec.ok) throw new Error(spec.error.message);
  return {
    subject: { kind, name, url: `http://${name}` },
    clock: { serverAt: nowMs - 500, receivedAt: nowMs, latencyMs: 10 },
    version: known("Teku/v26.1.0"),
    syncing: known({ headSlot: wallSlot, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false }),
    peers: known(50),
    spec: known(spec.spec),
    genesis: known({
      genesisTimeMs: 1_700_000_000_000,
      genesisValidatorsRoot: root("42"),
      genesisForkVersion: "0x00000000",
    }),
    forkSchedule: known([{ version: "0x00000000", epoch: 0 }]),
    head: known({ slot: wallSlot, root: rootA }),
    finality: known({ justified: { epoch: 30, root: rootA }, finalized: { epoch: 29, root: rootA } }),
    roots: new Map([[998, known<string | null>(rootA)]]),
    ...changes,
  };
}

/** A node that refuses every connection. */
export function deadNode(name: string): NodeEvidence {
  const nothing = { version: dead, syncing: dead, peers: dead, spec: dead, genesis: dead, forkSchedule: dead };
  return fakeNode(name, { ...nothing, clock: undefined, head: dead, finality: dead, roots: new Map() });
}

export function fakeVc(name: string, changes: Partial<VcReading> = {}): VcEvidence {
  const process = { startedAt: nowMs - 60_000, cpuSeconds: 1, residentBytes: 2 ** 28, openFiles: 10, maxFiles: 1000 };
  const nothing = { activeKeys: undefined, slashedKeys: undefined, usableNodes: undefined, configuredNodes: undefined };
  const reading = { client: "teku", version: "v1", keys: 10, keysMetric: "m", process, ...nothing, ...changes };
  return { subject: { kind: "validator-client", name }, page: known(reading) };
}

export function fakeEvidence(changes: Partial<Evidence> = {}): Evidence {
  const nothing = { references: [], validatorClients: [], hosts: [], logs: [], expectKeys: undefined };
  return { now: nowMs, nodes: [fakeNode("bn1"), fakeNode("bn2"), fakeNode("bn3")], ...nothing, ...changes };
}

/** "verdict reason" of every answer to a question, by subject name. */
export function answersTo(id: string, evidence: Evidence): Record<string, string> {
  const { answers } = makeReport(evidence, 0, []);
  return Object.fromEntries(
    answers.filter((each) => each.id === id).map((each) => [each.subject.name, `${each.verdict} ${each.reason}`]),
  );
}
