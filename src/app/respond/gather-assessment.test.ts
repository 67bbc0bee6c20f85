import { afterEach, beforeEach, expect, test } from "vitest";
import { auditHash } from "../../access/audit.ts";
import type { DutiesNow } from "../../api/contract-duties.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import type { GroupStatus } from "../../control/types.ts";
import { columnCodec } from "../../duties/columns/column-codec.ts";
import type { OpenDuties } from "../../duties/follow/open-duties.ts";
import { emptyTotals } from "../../duties/totals.ts";
import type { EpochResult } from "../../duties/types.ts";
import { assess } from "../../incidents/assessment/assess.ts";
import { someEpoch } from "../../store/duty-fixture.ts";
import { openSqliteStore, type Store } from "../../store/store.ts";
import type { UpstreamStatus } from "../../upstream/types.ts";
import { watchedFleet } from "../duties/watched-set.ts";
import { branchesOf, clientLabels, nodesOf } from "./assessed-nodes.ts";
import { gatherAssessment, type AssessmentParts } from "./gather-assessment.ts";

const epochMs = 8 * 12_000;
const count = 40;
let store: Store;
beforeEach(async () => {
  store = await openSqliteStore(":memory:", auditHash, columnCodec);
});
afterEach(() => store.close());

const fleet = watchedFleet(
  {
    ...{ revision: 1, conflicts: [], sources: [], findings: [] },
    validators: Array.from({ length: count }, (_, at) => ({
      ...{ pubkey: undefined, index: at * 3, sources: [] },
      labels: { group: at < 10 ? "a" : "b", customer: at % 2 === 0 ? "acme" : "zeta" },
    })),
  },
  [],
  [],
);

function nowOf(change: Partial<DutiesNow> = {}): DutiesNow {
  return {
    ...{ at: 0, state: "following", sentence: "", currentSlot: undefined, currentEpoch: 102, slotsPerEpoch: 8 },
    ...{ slotDurationMs: 12_000, genesisTimeMs: 0, watched: count, network: 2_040, provisionalEpoch: 100 },
    ...{ finalEpoch: 98, finalizedEpoch: 100, live: [], cost: undefined, ...change },
    retention: { columnEpochs: 1, exceptionEpochs: 1, cohortEpochs: 1, dailyCohortDays: 1, epochsPerDay: 225 },
  };
}

function partsOf(
  change: Partial<DutiesNow> = {},
  open: readonly OpenDuties[] = [],
  observed: readonly ObservedGateway[] = [],
): AssessmentParts {
  return {
    store,
    duties: {
      watched: () => fleet,
      open: () => open,
      state: () => nowOf(change),
      ports: {
        sla: () => Promise.resolve({ at: 0, customers: [] }),
        causes: () =>
          Promise.resolve({
            lost: 7,
            unknownShare: 0,
            causes: [{ code: "late-block", lost: 7, validators: 7, lostGwei: 9 }],
            blastRadius: [],
          }),
      },
    },
    signals: { hosts: () => [], ports: { logs: () => ({ at: 0, catalogueVersion: 1, logs: [], events: [] }) } },
    observed: () => observed,
  };
}

/** An epoch of our 40 and 2,000 strangers, of whom so many lost their duty. */
function epochWith(epoch: number, lost: readonly number[], strangersLost = 10): EpochResult {
  const base = someEpoch(epoch, "provisional", 0, count);
  const duty = Uint8Array.from({ length: count }, (_, at) => (lost.includes(at) ? 1 : 31));
  const own = { ...emptyTotals(), assigned: count, included: count - lost.length, timelyTarget: count - lost.length };
  const bad = lost.length + strangersLost;
  const network = {
    ...emptyTotals(),
    assigned: count + 2_000,
    included: count + 2_000 - bad,
    timelyTarget: count + 2_000 - bad,
  };
  const totals = { ...own, validators: count };
  const earned = Int32Array.from({ length: count }, (_, at) => (lost.includes(at) ? -80 * epoch : 9_650));
  return {
    ...base,
    network,
    columns: { ...base.columns, duty, earned },
    cohorts: [{ key: "", value: "", totals }],
    slashings: [],
  };
}

async function save(...epochs: readonly EpochResult[]): Promise<void> {
  for (const result of epochs)
    await store.duties.saveEpoch(result, { provisionalEpoch: result.epoch, finalEpoch: result.epoch - 2 });
}

const groupA = Array.from({ length: 10 }, (_, at) => at);

test("before anything is judged, nothing is known and nothing fails", async () => {
  const input = await gatherAssessment(partsOf({ slotsPerEpoch: 0, state: "starting" }), { fromAt: 5, now: 9 });
  expect(input).toMatchObject({
    fromAt: 5,
    epochs: [],
    victims: [],
    slashed: [],
    finalityLagEpochs: undefined,
  });
  expect(input.watched.map(({ validators }) => validators).reduce((a, b) => a + b)).toBe(count);
  expect(assess(input, 9).scope).toBe("unknown");
});

test("one group's losses in two epochs are found although it was declared after them", async () => {
  const quiet = Array.from({ length: 12 }, (_, i) => epochWith(87 + i, []));
  await save(...quiet, epochWith(99, groupA), epochWith(100, [...groupA, 30]));
  const now = 102 * epochMs;
  const input = await gatherAssessment(partsOf(), { fromAt: now, labels: { group: "a" }, now });
  expect(input.epochs).toHaveLength(14);
  expect(input.victims).toHaveLength(10);
  expect(input.victims[1]).toEqual({ index: 3, stakeGwei: 32e9, labels: { group: "a", customer: "zeta" } });
  expect(input).toMatchObject({
    fromAt: 98 * epochMs,
    about: { group: "a" },
    causes: [{ code: "late-block", lost: 7 }],
    finalityLagEpochs: 2,
  });
  const assessment = assess(input, now);
  expect(assessment).toMatchObject({ scope: "multiple", reason: "label-set-explains" });
  expect(assessment.cohorts[0]?.labels).toEqual({ group: "a" });
  expect(input.penaltiesGwei).toBe(10 * 80 * 99 + 10 * 80 * 100);
});

test("a slashing and its validator are found", async () => {
  await save(epochWith(99, []), {
    ...epochWith(100, []),
    slashings: [{ slot: 803, validatorIndex: 9, offence: "attester" }],
  });
  const input = await gatherAssessment(partsOf(), { fromAt: 100 * epochMs, now: 102 * epochMs });
  expect(input.slashed).toEqual([{ index: 9, stakeGwei: 32e9, labels: { group: "a", customer: "zeta" } }]);
  expect(assess(input, 102 * epochMs)).toMatchObject({ scope: "single", reason: "own-key-slashed" });
});

test("epochs that are not judged yet tell of victims and of the network", async () => {
  await save(...Array.from({ length: 12 }, (_, i) => epochWith(89 + i, [])));
  const { columns, network } = epochWith(101, groupA, 600);
  const own = { assigned: count, included: count - 10, timelyTarget: count - 10 };
  const none = { assigned: 0, included: 0, timelyTarget: 0 };
  const open = [
    { epoch: 100, indices: columns.indices, duty: columns.duty, own, network },
    { epoch: 101, indices: columns.indices, duty: columns.duty, own, network },
    { epoch: 102, indices: columns.indices, duty: new Uint8Array(count), own: none, network: none },
  ];
  const input = await gatherAssessment(partsOf({}, open), { fromAt: 101 * epochMs, now: 102 * epochMs });
  // Epoch 100 was judged meanwhile, and nothing is known of epoch 102.
  expect(input.epochs.slice(-2).map(({ epoch, own: { included } }) => [epoch, included])).toEqual([
    [100, count],
    [101, count - 10],
  ]);
  expect(input.victims).toHaveLength(10);
  expect(assess(input, 102 * epochMs)).toMatchObject({ scope: "network", reason: "network-falls" });
});

test("finality is what the best informed says; a judge that lags says nothing", async () => {
  const lagOf = async (change: Partial<DutiesNow>) =>
    (await gatherAssessment(partsOf(change), { fromAt: 0, now: 1 })).finalityLagEpochs;
  expect(await lagOf({ finalizedEpoch: 95 })).toBe(7);
  expect(await lagOf({ finalizedEpoch: 95, state: "behind" })).toBeUndefined();
});

test("the newest of many recorded actions are told, and none where there is none", async () => {
  const now = 10 * 86_400_000;
  const actions = async () => (await gatherAssessment(partsOf(), { fromAt: 0, now })).actions;
  expect(await actions()).toEqual([]);
  for (let i = 1; i <= 350; i++)
    await store.audit.append({
      at: now - 350 + i,
      actor: "ann",
      action: "node.cordon",
      target: `n${i}`,
      result: "done",
    });
  const told = await actions();
  expect([told.length, told[0]?.target, told.at(-1)?.target]).toEqual([300, "n51", "n350"]);
});

const nodeOf = (node: string, group: string, health: UpstreamStatus["health"], clientFamily: string): UpstreamStatus =>
  ({ node, group, health, operator: "active", clientFamily, detail: "", sinceAt: 0 }) as UpstreamStatus;
const gatewayOf = (
  name: string,
  nodes: readonly UpstreamStatus[],
  branches?: GroupStatus["branches"],
  isReachable = true,
): ObservedGateway => ({
  ...{ name, isReachable, lastContactAt: 1, error: undefined },
  status: { groups: [{ group: "a", nodes, view: {}, ...(branches && { branches }) }] } as unknown as NonNullable<
    ObservedGateway["status"]
  >,
});

test("a node is what most gateways see, and one that does not answer sees nothing", () => {
  const [up, down] = [nodeOf("bn1", "a", "ready", "teku/besu"), nodeOf("bn1", "a", "down", "teku/besu")];
  const health = (...observed: ObservedGateway[]) => nodesOf(observed).map((node) => node.health);
  expect(health(gatewayOf("g1", [up]), gatewayOf("g2", [up]), gatewayOf("g3", [down]))).toEqual(["ready"]);
  expect(health(gatewayOf("g1", [up]), gatewayOf("g2", [down]))).toEqual(["down"]);
  expect(health(gatewayOf("g1", [up], undefined, false))).toEqual([]);
});

test("clients that all nodes of a group run are labels of its validators", () => {
  const observed = [
    gatewayOf("g1", [
      nodeOf("bn1", "a", "ready", "teku/besu"),
      nodeOf("bn2", "a", "ready", "nimbus/besu"),
      nodeOf("bn3", "b", "ready", "nimbus/unknown"),
    ]),
  ];
  const labels = clientLabels(observed);
  expect([labels("a"), labels("b"), labels("c"), labels(undefined)]).toEqual([
    ...[{ executionClient: "besu" }, { consensusClient: "nimbus" }, {}, {}],
  ]);
});

test("branches are those of the gateway that sees most of them", () => {
  const branch = (root: string, support: number) => ({
    root,
    slot: 9,
    nodes: [root],
    support,
    justifiedEpoch: 1,
    finalizedEpoch: 1,
  });
  const observed = [gatewayOf("g1", []), gatewayOf("g2", [], [branch("0xa", 2), branch("0xb", 1)])];
  expect(branchesOf(observed)).toEqual([
    { root: "0xa", slot: 9, nodes: ["0xa"], independent: 2 },
    { root: "0xb", slot: 9, nodes: ["0xb"], independent: 1 },
  ]);
});
