import { expect, test } from "vitest";
import {
  parseArrival,
  parseEvidence,
  parsePage,
  parseStatus,
  parseTransition,
  parseWatchLine,
} from "./parse-answers.ts";
import { gatewayStatus, groupStatus, nodeStatus } from "./testing/samples.ts";
import { transition } from "./testing/fake-provider.ts";

const status = () =>
  JSON.parse(JSON.stringify(gatewayStatus([groupStatus([nodeStatus("bn1")])]))) as Record<string, never>;

test("fields of a newer gateway are ignored, and its new words become unknown, never ready", () => {
  const newer = { ...status(), controlVersion: 2, novelty: { deep: true } } as unknown as {
    groups: { nodes: Record<string, unknown>[] }[];
  };
  Object.assign(newer.groups[0]?.nodes[0] ?? {}, { health: "hibernating", operator: "parked" });
  expect(parseStatus(newer).groups[0]?.nodes[0]).toMatchObject({ health: "unknown", operator: "cordoned" });
});

test("a view of a kind that is not known here is not taken for serving", () => {
  const newer = status() as unknown as { groups: { view: Record<string, unknown> }[] };
  Object.assign(newer.groups[0]?.view ?? {}, { kind: "quantum" });
  expect(parseStatus(newer).groups[0]?.view.kind).toBe("degraded");
});

test("an older gateway sends no holds, drains or faults; what it does not send is absent", () => {
  const group = parseStatus(status()).groups[0];
  for (const name of ["hold", "drains", "faults", "tripwire", "proposals", "branches", "sourceWatermark"])
    expect(group).not.toHaveProperty(name);
});

test("what is set at a group is read, and entries in a shape that is not known here are left out", () => {
  const newer = status() as unknown as { groups: Record<string, unknown>[] };
  const drain = { node: "bn1", by: "alice", at: 1, waitsFor: [{ kind: "weather", detail: "rain" }] };
  const branch = { root: "0xaa", slot: 3, nodes: ["bn1"], support: 1 };
  Object.assign(newer.groups[0] ?? {}, {
    sourceWatermark: { epoch: 7, at: 1 },
    drains: [drain, { node: "bn2" }, null],
    branches: [branch, { root: "0xbb", slot: 3, support: 1 }],
    faults: "none",
    proposals: [{ slot: 1, validatorIndex: 2 }, { slot: "x" }],
  });
  const group = parseStatus(newer).groups[0];
  expect(group).toMatchObject({
    sourceWatermark: { epoch: 7, at: 1 },
    drains: [drain],
    branches: [branch],
    proposals: [{ slot: 1, validatorIndex: 2 }],
  });
  expect(group).not.toHaveProperty("faults");
});

test("a hold that cannot be read is still a hold", () => {
  const newer = status() as unknown as { groups: Record<string, unknown>[] };
  Object.assign(newer.groups[0] ?? {}, { hold: { because: "x" } });
  expect(parseStatus(newer).groups[0]?.hold).toMatchObject({ by: "unknown" });
});

test.each([
  ["no object", 7],
  ["groups missing", { ...status(), groups: undefined }],
  ["a node that is no object", { ...status(), groups: [{ ...groupStatus([]), nodes: [null] }] }],
  ["a text for a number", { ...status(), startedAt: "now" }],
])("%s is garbage, not a crash later", (_name, value) => {
  expect(() => parseStatus(value)).toThrow(/control address/);
});

test("lines of a kind that is not known here are skipped", () => {
  expect(parseWatchLine('{"kind":"weather","wind":3}')).toBeUndefined();
});

test("a page keeps its gap, and refuses items without a number", () => {
  const item = transition("x");
  expect(
    parsePage({ items: [{ seq: 4, item }], nextAfter: 4, gap: { fromSeq: 1, toSeq: 3 } }, parseTransition),
  ).toEqual({
    items: [{ seq: 4, item }],
    nextAfter: 4,
    gap: { fromSeq: 1, toSeq: 3 },
  });
  expect(() => parsePage({ items: [{ item }], nextAfter: 4 }, parseTransition)).toThrow(/seq is no number/);
});

test("evidence of an older gateway, of a newer one, and of a strange one is read as far as it can be", () => {
  const old = { at: 1, group: "main", route: "/x", requestId: "1", answers: [] };
  expect(parseEvidence(old)).toEqual(old);
  const votes = [{ slot: 5, signers: [1, "5/2/3"], target: { epoch: 0, root: "0xaa" } }];
  const published = { kind: "attestation", votes, unlisted: 2, refused: [{ signer: 1, words: "no" }] };
  const now = { ...old, forSlot: 5, servedHeadRoot: "0xbb", refusal: { reason: "held", detail: "by a" }, published };
  expect(parseEvidence(now)).toEqual(now);
  for (const odd of [7, "x", null, [], { kind: "novelty", votes: [] }, { kind: "block", votes: {} }])
    expect(parseEvidence({ ...old, published: odd, refusal: odd, forSlot: -1, servedHeadRoot: 9 })).toEqual(old);
  const torn = { kind: "block", votes: [{ slot: "5", signers: [1] }, ...votes, { slot: 5, signers: [{}] }] };
  expect(parseEvidence({ ...old, published: torn }).published).toEqual({ kind: "block", votes, unlisted: 2 });
});

test("an arrival that lacks something is refused", () => {
  const arrival = { at: 1, group: "main", node: "bn1", kind: "head", slot: 4, root: "0xaa" };
  expect(parseArrival({ ...arrival, extra: 1 })).toEqual(arrival);
  for (const name of Object.keys(arrival)) expect(() => parseArrival({ ...arrival, [name]: {} })).toThrow(/arrival/);
});
