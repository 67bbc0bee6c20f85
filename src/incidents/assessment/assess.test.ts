import { expect, test } from "vitest";
import { assess } from "./assess.ts";
import { day, fleet, node, nothingKnown, now, someEpochs } from "./assessment-fixture.ts";
import type { AssessmentInput } from "./input.ts";

const groups = ["a", "b", "c", "d"].flatMap((group) =>
  ["vc1", "vc2"].map((vc, i) => ({
    labels: { group, validatorClient: `${group}-${vc}`, customer: i === 0 ? "acme" : "globex", operator: "us" },
    validators: 100,
  })),
);
const nobody = fleet(groups, () => false);
const ofGroupA = fleet(groups, ({ group }) => group === "a");
const scopeOf = (input: AssessmentInput) => {
  const { scope, reason } = assess(input, now);
  return `${scope}: ${reason}`;
};

test("with nothing known, nothing is said", () => {
  const assessment = assess(nothingKnown, now);
  expect(assessment).toMatchObject({ scope: "unknown", reason: "scope-not-known", cohorts: [] });
  expect(assessment.firstLook.map(({ verdict }) => verdict)).toEqual(["unknown", "unknown", "unknown", "unknown"]);
  expect(assessment.sentence).toBe("Nothing is judged yet.");
});

test("one group loses everything, the network nothing: several of ours, named by the label they share", () => {
  const assessment = assess(day(ofGroupA), now);
  expect(assessment).toMatchObject({ scope: "multiple", reason: "label-set-explains" });
  expect(assessment.cohorts[0]).toEqual({
    ...{ labels: { group: "a" }, coverage: 1, density: 1, victims: 200, validators: 200 },
  });
  expect(assessment.victims).toMatchObject({ count: 200, ofWatched: 800, customers: ["acme", "globex"] });
  expect(assessment.victims.stakeGwei).toBe(200 * 32e9);
  expect(assessment.sentence).toBe(
    "200 of 800 validators lose duties, nearly all with group a, of which 100 % are hit; the network does as usual.",
  );
  expect(assessment.evidence.map(({ link }) => link)).toContain("/validators?key=group&value=a");
});

test("one key is one key", () => {
  const one = fleet(groups, ({ validatorClient }, position) => validatorClient === "a-vc1" && position === 7);
  expect(scopeOf(day(one))).toBe("single: one-key");
});

test("no more than chance takes on any day is said to be that", () => {
  const few = fleet(groups, (_, position) => position === 50);
  expect(few.victims).toHaveLength(8);
  expect(scopeOf(day(few, { ordinaryRate: 0.01 }))).toBe("unknown: losses-ordinary");
  expect(scopeOf(day(few, { ordinaryRate: 0.0001 }))).toBe("multiple: no-label-set");
});

test("a network that falls is the network's trouble, whether ours fall or not", () => {
  expect(scopeOf(day(ofGroupA, { lostStrangers: 25_000 }))).toBe("network: network-falls");
  expect(scopeOf(day(nobody, { lostStrangers: 25_000 }))).toBe("network: network-falls");
  expect(scopeOf(day(ofGroupA, { lostStrangers: 7_000 }))).toBe("multiple: label-set-explains");
});

test("a small fall is the network's only where ours fall alike", () => {
  const alike = fleet(groups, (_, position) => position % 15 === 0);
  expect(scopeOf(day(alike, { lostStrangers: 6_000 }))).toBe("network: network-falls");
  expect(scopeOf(day(alike, { lostStrangers: 1_000 }))).toBe("multiple: no-label-set");
});

test("a large operator's own outage is not the network's", () => {
  const epochs = someEpochs(800, 200, 0, 2_000);
  expect(scopeOf({ ...day(ofGroupA), epochs })).toBe("multiple: label-set-explains");
});

test("finality more than two epochs later than usual is the network's", () => {
  expect(scopeOf(day(ofGroupA, { finalityLagEpochs: 4 }))).toBe("multiple: label-set-explains");
  expect(scopeOf(day(ofGroupA, { finalityLagEpochs: 5 }))).toBe("network: finality-stale");
});

test("one client on a branch of its own is ours; independent sources on both sides are the network's", () => {
  const branches = (left: number, right: number) => [
    { root: "0xaa", slot: 9, nodes: ["bn1"], independent: left },
    { root: "0xbb", slot: 9, nodes: ["bn2", "bn3"], independent: right },
  ];
  expect(scopeOf(day(ofGroupA, { branches: branches(1, 3) }))).toBe("multiple: label-set-explains");
  expect(scopeOf(day(ofGroupA, { branches: branches(2, 2) }))).toBe("network: branches-confirmed");
});

test("a slashing of an own key speaks first, of however many", () => {
  const slashed = ofGroupA.victims.slice(0, 1);
  const assessment = assess(day(nobody, { slashed }), now);
  expect(assessment).toMatchObject({ scope: "single", reason: "own-key-slashed", victims: { count: 1 } });
  expect(assessment.sentence).toBe("Validator 0 of ours was slashed.");
  expect(scopeOf(day(nobody, { slashed: ofGroupA.victims }))).toBe("multiple: own-key-slashed");
});

test("lost duties without any knowledge of strangers are nobody's yet", () => {
  const epochs = someEpochs(800, 200, 0, 0);
  expect(scopeOf({ ...day(ofGroupA), epochs })).toBe("unknown: network-not-known");
});

test("the four questions are answered from what nodes, machines, logs and network say", () => {
  const nodes = [node("bn1", { group: "a", health: "down", detail: "refused" }), node("bn2", { group: "b", peers: 3 })];
  const hosts = [
    { name: "h1", provider: "p", region: "r", verdict: "good" as const, readAt: now, bootedAt: undefined },
    { name: "h2", provider: "p", region: "r", verdict: "unknown" as const, readAt: now - 600_000, bootedAt: undefined },
  ].map((host) => ({ ...host, findings: [], started: [] }));
  const log = { at: now - 1, source: "bn1", node: "bn1", validatorClient: undefined, signature: "x", todo: "" };
  const logs = [{ ...log, severity: "bad" as const, means: "the database is damaged", line: "ERR" }];
  const looks = assess(day(ofGroupA, { nodes, hosts, logs, logSources: 1 }), now).firstLook;
  expect(looks.map(({ question, verdict, sentence }) => `${question} ${verdict}: ${sentence}`)).toEqual([
    "nodes bad: No beacon node is ready in group a.",
    "machines bad: machine h2 went silent.",
    "logs bad: 1 bad line, the newest of bn1: the database is damaged",
    "network good: The network does as usual.",
  ]);
});

test("changes of the last two days are told, newest first", () => {
  const transition = {
    group: "a",
    node: "bn1",
    from: "active",
    to: "cordoned",
    reason: "in-sync" as const,
    detail: "",
  };
  const { changes } = assess(
    day(nobody, {
      transitions: [{ ...transition, gateway: "gw", kind: "operator", at: now - 600_000 }],
      actions: [
        { at: now - 3 * 86_400_000, actor: "ann", action: "node.drain", target: "x", result: "done" },
        { at: now - 7_200_000, actor: "ann", action: "node.drain", target: "main/a/bn1", result: "done" },
      ],
    }),
    now,
  );
  expect(changes.map(({ text }) => text)).toEqual([
    "bn1 of group a went from active to cordoned (gateway gw)",
    "ann: node.drain main/a/bn1",
  ]);
});

test("agreements that break at this rate are risks, the soonest first", () => {
  const standing = {
    ...{ window: { fromAt: 0, toAt: now + 30 * 86_400_000 }, target: 0.99, uptime: 0.99, effectiveness: 0.9 },
    ...{ assigned: 1000, missed: 4, budget: 10, budgetUsed: 0.4, burnRate: 9, burnRateLong: 9, unknownEpochs: 0 },
  };
  const { slaRisks } = assess(
    day(nobody, {
      sla: [
        { customer: "late", standing: { ...standing, breachesAt: now + 2 * 3_600_000 } },
        { customer: "fine", standing: { ...standing, breachesAt: undefined } },
        { customer: "soon", standing: { ...standing, breachesAt: now + 11_400_000 - 7_200_000 } },
      ],
    }),
    now,
  );
  expect(slaRisks.map(({ customer }) => customer)).toEqual(["soon", "late"]);
  expect(slaRisks[0]?.sentence).toBe("Breaches in 1 h 10 m at the present burn; 40 % of the budget is used.");
});
