import { describe, expect, test } from "vitest";
import { knownNetworks } from "../chain/known-networks.ts";
import type { NodeEvidence } from "./evidence.ts";
import { answersTo, deadNode, fakeEvidence, fakeNode, known, nowMs, rootA, rootB, wallSlot } from "./fake-evidence.ts";
import { failed } from "./facts.ts";
import { questions } from "./questions.ts";
import { makeReport } from "./report.ts";

const syncing = (changes: Record<string, unknown>): Partial<NodeEvidence> => ({
  syncing: known({
    headSlot: wallSlot,
    syncDistance: 0,
    isSyncing: false,
    isOptimistic: false,
    elOffline: false,
    ...changes,
  }),
});
const head = (slot: number): Partial<NodeEvidence> => ({ head: known({ slot, root: rootA }) });
const finalized = (epoch: number): Partial<NodeEvidence> => ({
  finality: known({ justified: { epoch: epoch + 1, root: rootA }, finalized: { epoch, root: rootA } }),
});
const genesis = (genesisValidatorsRoot: string): Partial<NodeEvidence> => ({
  genesis: known({ genesisTimeMs: 1_700_000_000_000, genesisValidatorsRoot, genesisForkVersion: "0x00000000" }),
});
const other = `0x${"13".repeat(32)}`;
const clock = (offsetMs: number): Partial<NodeEvidence> => ({
  clock: { serverAt: nowMs + offsetMs - 500, receivedAt: nowMs, latencyMs: 10 },
});
const all = (failure: ReturnType<typeof failed>): Partial<NodeEvidence> => ({
  ...{ version: failure, syncing: failure, peers: failure, spec: failure, genesis: failure },
  ...{ forkSchedule: failure, head: failure, finality: failure, roots: new Map() },
});
const mainnetRoot = knownNetworks.mainnet.genesisValidatorsRoot;

describe("one node, one question", () => {
  test.each<[string, Partial<NodeEvidence>, string]>([
    ["node-up", {}, "good node-up"],
    ["node-up", { head: failed("timeout", "slow") }, "warning node-partly"],
    ["node-up", all(failed("timeout", "slow")), "bad node-hangs"],
    ["node-up", all(failed("status", "HTTP 404", 404)), "bad node-not-beacon"],
    ["node-up", all(failed("not-beacon", "HTML")), "bad node-not-beacon"],
    ["node-up", all(failed("status", "HTTP 503", 503)), "bad node-starting"],
    ["node-up", all(failed("status", "HTTP 502", 502)), "bad node-behind-proxy"],
    ["node-up", all(failed("status", "HTTP 401", 401)), "bad node-denied"],
    ["node-up", all(failed("unreachable", "no host")), "bad node-unreachable"],
    ["node-version", { version: failed("status", "HTTP 500", 500) }, "unknown not-answered"],
    ["node-syncing", syncing({ isSyncing: true, syncDistance: 9 }), "bad syncing"],
    ["node-syncing", syncing({ isSyncing: undefined }), "unknown not-answered"],
    ["node-optimistic", syncing({ isOptimistic: true }), "bad optimistic"],
    ["node-optimistic", syncing({ isOptimistic: undefined }), "unknown optimistic-unsaid"],
    [
      "node-optimistic",
      {
        ...syncing({ isOptimistic: undefined }),
        head: { kind: "known", value: { slot: wallSlot, root: rootA }, at: nowMs, latencyMs: 1, isOptimistic: true },
      },
      "bad optimistic",
    ],
    ["node-execution", syncing({ elOffline: true }), "bad el-offline"],
    ["node-execution", syncing({ elOffline: undefined }), "good el-inferred"],
    ["node-execution", syncing({ elOffline: undefined, isOptimistic: true }), "unknown el-unsaid"],
    ["node-execution", syncing({ elOffline: undefined, headSlot: wallSlot - 9 }), "unknown el-unsaid"],
    ["node-head", head(wallSlot - 3), "good head-fresh"],
    ["node-head", head(wallSlot - 4), "warning head-behind"],
    ["node-head", head(wallSlot - 9), "bad head-stale"],
    ["node-head", head(wallSlot + 300), "bad head-in-future"],
    ["node-peers", { peers: known(0) }, "bad peers-none"],
    ["node-peers", { peers: known(2) }, "good peers-enough"],
    ["node-peers", { peers: known(2), ...genesis(mainnetRoot) }, "warning peers-few"],
    ["node-clock", clock(1000), "good clock-good"],
    ["node-clock", clock(3000), "warning clock-off"],
    ["node-clock", clock(-3_600_000), "bad clock-off"],
    ["node-clock", { clock: undefined }, "good clock-good"],
    ["node-clock", { clock: undefined, ...syncing({ headSlot: wallSlot - 300 }) }, "unknown clock-unsaid"],
    ["finality", finalized(28), "good finality-moving"],
    ["finality", finalized(20), "bad finality-node-behind"],
    ["finality", finalized(40), "unknown finality-in-future"],
    ["finality", { finality: failed("not-beacon", "HTML") }, "unknown not-answered"],
  ])("%s: %j is %s", (id, changes, expected) => {
    const evidence = fakeEvidence({ nodes: [fakeNode("odd", changes), fakeNode("bn2"), fakeNode("bn3")] });
    expect(answersTo(id, evidence)["odd"]).toBe(expected);
  });
});

test("a healthy fleet is good in every question that was asked", () => {
  const report = makeReport(fakeEvidence(), 0, []);
  expect(report.answers.filter(({ verdict }) => verdict !== "good" && verdict !== "not-asked")).toEqual([]);
  expect(report.exitStatus).toBe(0);
});

test("of a dead node everything is unknown but that it is down", () => {
  const report = makeReport(fakeEvidence({ nodes: [deadNode("dead"), fakeNode("bn2")] }), 0, []);
  const verdicts = report.answers
    .filter(({ subject }) => subject.name === "dead")
    .map(({ id, verdict }) => `${id} ${verdict}`);
  expect(verdicts[0]).toBe("node-up bad");
  expect(verdicts.slice(1).every((each) => each.endsWith(" unknown"))).toBe(true);
  expect(report.exitStatus).toBe(2);
});

test("two servers off by the same time, and nobody who agrees, accuse our own clock", () => {
  const evidence = fakeEvidence({ nodes: [fakeNode("bn1", clock(60_000)), fakeNode("bn2", clock(60_500))] });
  expect(answersTo("node-clock", evidence)).toEqual({ bn1: "bad clock-ours", bn2: "bad clock-ours" });
});

describe("finality", () => {
  test("that is old everywhere is the network's trouble", () => {
    const evidence = fakeEvidence({ nodes: [fakeNode("bn1", finalized(20)), fakeNode("bn2", finalized(20))] });
    expect(answersTo("finality", evidence)["bn1"]).toBe("bad finality-stalled");
  });
  test("cannot be expected in the first epochs", () => {
    const young = {
      now: nowMs,
      nodes: [
        fakeNode("bn1", {
          ...finalized(0),
          genesis: known({
            genesisTimeMs: nowMs - 32 * 12_000 * 2,
            genesisValidatorsRoot: other,
            genesisForkVersion: "0x00000000",
          }),
        }),
      ],
    };
    expect(answersTo("finality", fakeEvidence(young))["bn1"]).toBe("good finality-moving");
  });
});

describe("network", () => {
  test("the one that differs from two is wrong", () => {
    const evidence = fakeEvidence({ nodes: [fakeNode("bn1"), fakeNode("bn2"), fakeNode("odd", genesis(other))] });
    expect(answersTo("network", evidence)).toEqual({
      bn1: "good network-known",
      bn2: "good network-known",
      odd: "bad network-wrong",
    });
  });
  test("one against one is nobody's truth", () => {
    const evidence = fakeEvidence({ nodes: [fakeNode("bn1"), fakeNode("odd", genesis(other))] });
    expect(answersTo("network", evidence)).toEqual({ bn1: "bad network-split", odd: "bad network-split" });
  });
  test("a reference says which network is meant", () => {
    const nodes = [fakeNode("bn1"), fakeNode("odd", genesis(other))];
    const evidence = fakeEvidence({ nodes, references: [fakeNode("ref", {}, "reference")] });
    expect(answersTo("network", evidence)).toEqual({
      bn1: "good network-known",
      odd: "bad network-wrong",
      ref: "good network-known",
    });
  });
  test("a fork that has happened and differs is bad, one to come is a warning", () => {
    const schedule = (epoch: number) => ({
      forkSchedule: known([
        { version: "0x00000000", epoch: 0 },
        { version: "0x01000000", epoch },
      ]),
    });
    const withFork = (epoch: number) =>
      fakeEvidence({ nodes: [fakeNode("bn1"), fakeNode("bn2"), fakeNode("odd", schedule(epoch))] });
    expect(answersTo("network", withFork(5))["odd"]).toBe("bad network-fork-missed");
    expect(answersTo("network", withFork(500))["odd"]).toBe("warning network-future-fork");
    expect(answersTo("network", withFork(Number("18446744073709551615")))["odd"]).toBe("good network-known");
  });
});

describe("fork", () => {
  const roots = (root: string | null) => ({ roots: new Map([[998, known(root)]]) });
  test("the minority is on another chain", () => {
    const evidence = fakeEvidence({ nodes: [fakeNode("bn1"), fakeNode("bn2"), fakeNode("odd", roots(rootB))] });
    expect(answersTo("fork", evidence)).toEqual({
      bn1: "good fork-same",
      bn2: "good fork-same",
      odd: "bad fork-differs",
    });
  });
  test("an empty slot where others have a block is another chain as well", () => {
    const evidence = fakeEvidence({ nodes: [fakeNode("bn1"), fakeNode("bn2"), fakeNode("odd", roots(null))] });
    expect(answersTo("fork", evidence)["odd"]).toBe("bad fork-differs");
  });
  test("one against one is a split, and both are bad", () => {
    const evidence = fakeEvidence({ nodes: [fakeNode("bn1"), fakeNode("odd", roots(rootB))] });
    expect(answersTo("fork", evidence)).toEqual({ bn1: "bad fork-split", odd: "bad fork-split" });
  });
  test("a node far behind is unknown, never green", () => {
    const evidence = fakeEvidence({
      nodes: [fakeNode("bn1"), fakeNode("bn2"), fakeNode("odd", { roots: new Map(), ...head(3) })],
    });
    expect(answersTo("fork", evidence)["odd"]).toBe("unknown fork-too-far-behind");
  });
  test("a node of another network has no voice", () => {
    const evidence = fakeEvidence({
      nodes: [fakeNode("bn1"), fakeNode("bn2"), fakeNode("odd", { ...genesis(other), ...roots(rootB) })],
    });
    expect(answersTo("fork", evidence)).toEqual({
      bn1: "good fork-same",
      bn2: "good fork-same",
      odd: "unknown fork-not-comparable",
    });
  });
  test("a node whose only companion is dead has nobody to compare with", () => {
    const evidence = fakeEvidence({ nodes: [fakeNode("bn1", { roots: new Map() }), deadNode("dead")] });
    expect(answersTo("fork", evidence)["bn1"]).toBe("unknown not-answered");
  });
  test("a single node alone has nobody to agree with: not asked", () => {
    expect(answersTo("fork", fakeEvidence({ nodes: [fakeNode("bn1")] }))).toEqual({ bn1: "not-asked not-given" });
  });
});

test("questions have ids and titles of their own", () => {
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
  expect(new Set(questions.map(({ title }) => title)).size).toBe(questions.length);
});
