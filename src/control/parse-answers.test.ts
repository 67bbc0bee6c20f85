import { expect, test } from "vitest";
import { parsePage, parseStatus, parseTransition, parseWatchLine } from "./parse-answers.ts";
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
