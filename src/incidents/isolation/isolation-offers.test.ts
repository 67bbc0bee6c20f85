import { expect, test } from "vitest";
import { incidentReasons } from "../reasons.ts";
import { holdsForSlashing } from "./holds-for-slashing.ts";
import { isolationOffers, maxNodeOffers } from "./isolation-offers.ts";
import type { OfferGroup, OfferInput, OfferNode } from "./types.ts";

const now = 1_700_000_000_000;

function nodeOf(node: string, changes: Partial<OfferNode> = {}): OfferNode {
  return {
    ...{ node, operator: "active" as const, isReady: true, host: `host-${node}`, clientFamily: "lodestar/geth" },
    ...{ differs: false, labels: {}, ...changes },
  };
}
function groupOf(nodes: readonly OfferNode[], changes: Partial<OfferGroup> = {}): OfferGroup {
  return {
    ...{ gateway: "gw1", group: "mainnet", isKnown: true, nodes, hold: undefined, validators: 1200, proposals: [] },
    ...changes,
  };
}
const nothing: Omit<OfferInput, "groups"> = { cohorts: [], suspects: [], slashedGroups: [] };
const offers = (groups: readonly OfferGroup[], changes: Partial<OfferInput> = {}) =>
  isolationOffers({ ...nothing, groups, ...changes }, now);
const lines = (...args: Parameters<typeof offers>) =>
  offers(...args).map(({ kind, target, reason, isAllowed }) => `${isAllowed ? "+" : "-"} ${kind} ${target}: ${reason}`);
const [bn1, bn2, bn3] = [nodeOf("bn1"), nodeOf("bn2"), nodeOf("bn3")];
const failed = nodeOf("bn1", { isReady: false });

test("about the node that failed: drain, cordon, its host, and the group's hold", () => {
  expect(lines([groupOf([failed, bn2, bn3])])).toEqual([
    "+ drain bn1 in mainnet at gw1: cannot-slash",
    "+ cordon bn1 in mainnet at gw1: cannot-slash",
    "+ take-out host-bn1: cannot-slash",
    "+ hold mainnet at gw1: hold-cannot-slash",
  ]);
  const [drain] = offers([groupOf([failed, bn2, bn3])]);
  expect(drain).toMatchObject({
    id: "drain:gw1:mainnet:bn1",
    costs: "mainnet at gw1: 2 ready nodes left (bn2, bn3); no own proposal known to come.",
    steps: [{ kind: "drain", gateway: "gw1", group: "mainnet", node: "bn1" }],
  });
});

test("where nothing points anywhere, everything is offered", () => {
  expect(lines([groupOf([bn1, bn2])]).map((line) => line.split(":")[0])).toEqual([
    "+ drain bn1 in mainnet at gw1",
    "+ cordon bn1 in mainnet at gw1",
    "+ drain bn2 in mainnet at gw1",
    "+ cordon bn2 in mainnet at gw1",
    "+ take-out host-bn1",
    "+ take-out host-bn2",
    "+ hold mainnet at gw1",
  ]);
  const two = [groupOf([bn1, bn2]), groupOf([bn3], { group: "holesky" })];
  expect(lines(two, { cohorts: [{ labels: { group: "mainnet" } }] }).join()).not.toContain("holesky");
});

test.each<[string, Partial<OfferInput>]>([
  ["its name", { suspects: ["bn1"] }],
  ["its host", { suspects: ["host-bn1"] }],
  ["its host, which victims share", { cohorts: [{ labels: { host: "host-bn1", customer: "acme" } }] }],
  ["its client, which victims share", { cohorts: [{ labels: { client: "Prysm", group: "mainnet" } }] }],
  ["its provider, which victims share", { cohorts: [{ labels: { provider: "p1" } }] }],
])("a node is in question by %s", (_, changes) => {
  const suspect = nodeOf("bn1", { clientFamily: "prysm/geth", labels: { provider: "p1" } });
  const about = offers([groupOf([suspect, bn2, bn3])], changes).filter(({ kind }) => kind === "drain");
  expect(about.map(({ target }) => target)).toEqual(["bn1 in mainnet at gw1"]);
});

test("the last ready node stays, whatever is the matter, and the advice is to hold", () => {
  const aside = nodeOf("bn2", { operator: "cordoned" });
  for (const nodes of [
    [bn1],
    [bn1, aside],
    [bn1, nodeOf("bn2", { isReady: false })],
    [bn1, nodeOf("bn2", { differs: true })],
  ]) {
    const about = offers([groupOf(nodes)], { suspects: ["bn1"] }).filter(({ steps }) =>
      JSON.stringify(steps).includes("bn1"),
    );
    expect(about.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual([
      "drain last-ready-node",
      "cordon last-ready-node",
      "take-out last-ready-node",
    ]);
    for (const { why } of about) expect(why).toContain("hold the group instead");
  }
  expect(lines([groupOf([failed])])[0]).toBe("- drain bn1 in mainnet at gw1: last-ready-node");
  expect(offers([groupOf([failed])])[0]?.why).toContain("has no ready node");
});

test("a node on another branch may go while one on the served branch stays", () => {
  const [drain] = offers([groupOf([bn1, nodeOf("bn2", { differs: true })])]);
  expect(drain).toMatchObject({ target: "bn2 in mainnet at gw1", isAllowed: true });
});

test("a host goes as a whole or not at all, over all groups and gateways", () => {
  const shared = { host: "h" };
  const [a, b] = [nodeOf("a", shared), nodeOf("b", shared)];
  const groups = (spare: OfferNode[]) => [
    groupOf([a, b, bn3]),
    groupOf([a, ...spare], { group: "second" }),
    groupOf([a, bn3], { gateway: "gw2" }),
  ];
  const takeOut = (spare: OfferNode[]) =>
    offers(groups(spare), { suspects: ["h"] }).find(({ kind }) => kind === "take-out");
  expect(takeOut([])).toMatchObject({ isAllowed: false, reason: "last-ready-node" });
  expect(takeOut([])?.why).toContain("second at gw1");
  expect(takeOut([bn2])).toMatchObject({ isAllowed: true, target: "h" });
  expect(takeOut([bn2])?.steps).toEqual([
    { kind: "drain", gateway: "gw1", group: "mainnet", node: "a" },
    { kind: "drain", gateway: "gw1", group: "mainnet", node: "b" },
    { kind: "drain", gateway: "gw1", group: "second", node: "a" },
    { kind: "drain", gateway: "gw2", group: "mainnet", node: "a" },
  ]);
});

test("what is done already is not offered again", () => {
  const states = (["cordoned", "draining", "maintenance"] as const).map((operator) =>
    lines([groupOf([nodeOf("bn1", { operator }), bn2])], { suspects: ["bn1"] }).slice(0, 3),
  );
  expect(states).toEqual([
    [
      "+ drain bn1 in mainnet at gw1: cannot-slash",
      "- cordon bn1 in mainnet at gw1: already-so",
      "+ take-out host-bn1: cannot-slash",
    ],
    ...Array<string[]>(2).fill([
      "- drain bn1 in mainnet at gw1: already-so",
      "- cordon bn1 in mainnet at gw1: already-so",
      "- take-out host-bn1: already-so",
    ]),
  ]);
  const held = offers([groupOf([failed, bn2], { hold: { by: "ada", reason: "slashed" } })]).at(-1);
  expect(held).toMatchObject({ kind: "hold", isAllowed: false, reason: "already-so", why: "Held by ada: slashed" });
});

test("what is not known is not safe", () => {
  const dark = groupOf([bn1, bn2], { isKnown: false });
  expect(offers([dark]).map(({ reason, isAllowed }) => [reason, isAllowed])).toEqual(
    offers([dark]).map(() => ["state-unknown", false]),
  );
  const vague = [nodeOf("bn1", { operator: undefined }), nodeOf("bn2", { isReady: undefined })];
  const about = offers([groupOf([...vague, bn3])]).filter(({ kind }) => kind !== "hold");
  const mine = about.filter(({ target }) => !target.includes("bn3"));
  expect(new Set(mine.map(({ reason }) => reason))).toEqual(new Set(["state-unknown"]));
  // They are no spare either.
  expect(about.find(({ id }) => id === "drain:gw1:mainnet:bn3")?.reason).toBe("last-ready-node");
});

test("after a slashing the hold of its group comes first, at every gateway", () => {
  const groups = [
    groupOf([failed, bn2]),
    groupOf([bn2, bn3], { gateway: "gw2" }),
    groupOf([bn2, bn3], { group: "other" }),
  ];
  expect(lines(groups, { slashedGroups: ["mainnet"] }).filter((line) => line.includes("hold"))).toEqual([
    "+ hold mainnet at gw1: hold-after-slashing",
    "+ hold mainnet at gw2: hold-after-slashing",
  ]);
  expect(lines(groups, { slashedGroups: ["mainnet"] })[0]).toContain("hold");
});

test("costs say what is near", () => {
  const proposals = [
    { slot: 99, at: now - 1 },
    { slot: 120, at: now + 80_000 },
    { slot: 101, at: now + 12_000 },
  ];
  const all = offers([groupOf([failed, bn2], { proposals, validators: 1 })]);
  expect(all[0]?.costs).toBe(
    "mainnet at gw1: 1 ready node left (bn2), and no spare; 2 own proposals soon, the next in slot 101 in 12 s.",
  );
  expect(all.at(-1)?.costs).toBe(
    "Withholds 1 attestation each epoch; 2 own proposals soon, the next in slot 101 in 12 s.",
  );
  expect(offers([groupOf([failed, bn2], { validators: undefined })]).at(-1)?.costs).toContain("is not known");
});

test("a large fleet is cut, and its holds are still there", () => {
  const nodes = Array.from({ length: 200 }, (_, index) => nodeOf(`bn${index}`, { isReady: index > 100 }));
  const all = offers([groupOf(nodes)]);
  expect(all.filter(({ kind }) => kind === "drain" || kind === "cordon")).toHaveLength(maxNodeOffers);
  expect(all.at(-1)?.kind).toBe("hold");
});

test("every offer has a reason with a text, and an id of its own, whatever names hold", () => {
  const all = offers([
    groupOf([nodeOf("a/b:c"), nodeOf("a")], { group: "a/b" }),
    groupOf([nodeOf("c"), bn2], { group: "a" }),
  ]);
  for (const { reason } of all) expect(incidentReasons[reason].long).not.toBe("");
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

test("own slashings hold each group once at every gateway that has it; what nobody has waits for a person", () => {
  const slashed = [
    { customer: "beta", group: "mainnet" },
    { customer: "acme", group: "mainnet" },
    { customer: "acme", group: "mainnet" },
    { customer: "acme", group: "nowhere" },
    { customer: "acme", group: undefined },
  ];
  const gateways = [
    { gateway: "gw1", groups: ["mainnet", "other", "mainnet"] },
    { gateway: "gw2", groups: ["mainnet"] },
  ];
  const detail = "Own validator slashed: acme, beta";
  expect(holdsForSlashing(slashed, gateways)).toEqual({
    holds: [
      { gateway: "gw1", group: "mainnet", detail },
      { gateway: "gw2", group: "mainnet", detail },
    ],
    unplaced: slashed.slice(3),
  });
  expect(holdsForSlashing([], gateways)).toEqual({ holds: [], unplaced: [] });
});
