import { expect, test } from "vitest";
import { gatewayStatus, groupStatus, nodeStatus, now } from "../control/testing/samples.ts";
import type { GroupStatus } from "../control/types.ts";
import { findingDuring, findingsBefore, isRefusal } from "./guards.ts";

const slot = 12_000;
const lease = { id: "f1", node: "bn1", kind: "hang", by: "alice", startedAt: now, expiresAt: now + 10_000 };

function healthy(changes: Partial<GroupStatus> = {}, names = ["bn1", "bn2", "bn3"]): GroupStatus {
  return { ...groupStatus(names.map((name) => nodeStatus(name))), ...changes };
}

function before(group: GroupStatus, changes: { startedAt?: number; durationMs?: number; node?: string } = {}) {
  const { durationMs = 30_000, node = "bn1", ...status } = changes;
  return findingsBefore(gatewayStatus([group], status), group, { node, durationMs });
}
const codes = (...args: Parameters<typeof before>) => before(...args).map(({ reason }) => reason);

test("nothing speaks against a drill in a healthy group of two or more", () => {
  expect(before(healthy())).toEqual([]);
  expect(before(healthy({}, ["bn1", "bn2"]))).toEqual([]);
});

test("the only ready node, or the only one that may serve signing inputs, is never taken", () => {
  expect(codes(healthy({}, ["bn1"]))).toEqual(["no-other-ready-node"]);
  const group = healthy();
  const view = { ...group.view, signingInputs: ["bn1"] };
  expect(codes({ ...group, view })).toEqual(["no-other-ready-node"]);
  expect(isRefusal(before(healthy({}, ["bn1"])), true)).toBe(true);
});

test.each(["none", "degraded", "split"] as const)("a group whose view is %s has trouble enough", (kind) => {
  const group = healthy();
  expect(codes({ ...group, view: { ...group.view, kind } })).toContain("view-not-serving");
});

test("a hold, another fault and a drain each forbid it, even by force", () => {
  const groups = [
    healthy({ hold: { reason: "slashed", by: "bob", at: now } }),
    healthy({ faults: [lease] }),
    healthy({ drains: [{ node: "bn2", by: "bob", at: now, waitsFor: [] }] }),
  ];
  expect(groups.map((group) => codes(group))).toEqual([["signing-held"], ["fault-already-shown"], ["drain-running"]]);
  for (const group of groups) expect(isRefusal(before(group), true)).toBe(true);
  expect(before(healthy({ faults: [lease] }))[0]?.tryAgainAt).toBe(lease.expiresAt);
});

test("a clock in doubt forbids it, whether it shows as a reason or as a warning", () => {
  const bad = nodeStatus("bn2", { warnings: [{ reason: "own-clock-suspect", detail: "all 3 s off" }] });
  expect(codes(groupStatus([nodeStatus("bn1"), bad, nodeStatus("bn3")]))).toEqual(["own-clock-suspect"]);
});

test("maintenance elsewhere, a young gateway and a node out of service are overruled by force, and by nothing else", () => {
  const worked = groupStatus([
    nodeStatus("bn1"),
    nodeStatus("bn2"),
    nodeStatus("bn3", { operator: "maintenance", health: "down" }),
  ]);
  const epoch = 32 * slot;
  const findings = [
    ...before(worked),
    ...before(healthy(), { startedAt: now - epoch + 1_000 }),
    ...before(groupStatus([nodeStatus("bn1", { health: "down" }), nodeStatus("bn2")])),
  ];
  expect(findings.map(({ reason }) => reason)).toEqual([
    "maintenance-running",
    "gateway-just-started",
    "node-not-ready",
  ]);
  expect(findings[1]?.tryAgainAt).toBe(now + 1_000);
  expect(isRefusal(findings, false)).toBe(true);
  expect(isRefusal(findings, true)).toBe(false);
  expect(codes(healthy(), { startedAt: now - epoch })).toEqual([]);
});

test.each([
  ["in the slot before: its block may still be on its way", 3199, true],
  ["now", 3200, true],
  ["two slots ahead", 3202, true],
  ["while the fault would be shown", 3203, true],
  ["two slots after its end", 3204, true],
  ["later", 3205, false],
  ["long past", 3198, false],
])("an own proposal %s", (_, proposalSlot, isInTheWay) => {
  const group = healthy({ proposals: [{ slot: proposalSlot, validatorIndex: 7 }] });
  const findings = before(group, { durationMs: 2.5 * slot });
  expect(findings.map(({ reason }) => reason)).toEqual(isInTheWay ? ["proposal-near"] : []);
  expect(isRefusal(findings, true)).toBe(isInTheWay);
});

test("it says from when on it fits between the proposals that are known", () => {
  const proposals = [3201, 3206, 3220].map((at) => ({ slot: at, validatorIndex: 7 }));
  const [finding] = before(healthy({ proposals }), { durationMs: 4 * slot });
  expect(finding).toMatchObject({ reason: "proposal-near", tryAgainAt: now + 8 * slot });
  expect(finding?.detail).toContain("slot 3201");
});

test("a running drill goes on while the group serves, and its own node leaves as it should", () => {
  const group = healthy({ faults: [lease] });
  const without = { ...group, view: { ...group.view, ready: ["bn2", "bn3"], signingInputs: ["bn2", "bn3"] } };
  expect(findingDuring({ at: now }, group, healthy(), lease)).toBeUndefined();
  expect(findingDuring({ at: now }, without, healthy(), lease)).toBeUndefined();
});

test("a running drill ends when the view is lost, another node leaves, a proposal or a hold comes, or the lease is gone", () => {
  const group = healthy({ faults: [lease] });
  const trouble: [string, GroupStatus | undefined][] = [
    ["view-lost", { ...group, view: { ...group.view, kind: "degraded" } }],
    ["other-node-left", { ...group, view: { ...group.view, ready: ["bn1", "bn2"] } }],
    ["proposal-near", { ...group, proposals: [{ slot: 3202, validatorIndex: 7 }] }],
    ["signing-held", { ...group, hold: { reason: "slashed", by: "bob", at: now } }],
    ["lease-lost", healthy()],
    ["lease-lost", undefined],
  ];
  for (const [reason, after] of trouble)
    expect(findingDuring({ at: now }, after, healthy(), lease)?.reason, reason).toBe(reason);
});
