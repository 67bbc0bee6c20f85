import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../src/api/contract.ts";
import type { DrillProgress } from "../../../src/drills/types.ts";
import { groupRows } from "./node-list.ts";
import { operationsOf, operationWords } from "./operations.ts";

const now = 1_000_000;
const drill = {
  ...{ id: "d1", gateway: "gw", group: "main", node: "bn2", kind: "hang", by: "ops", phase: "running" },
  ...{ plannedEndAt: now + 22_400, findings: [], score: { detectMs: 212, failed: 0 } },
} as unknown as DrillProgress;
const fault = { id: "f1", node: "bn2", kind: "hang", by: "ops", startedAt: now, expiresAt: now + 30_000 };
const drain = (kind: string) => ({ node: "bn1", by: "ops", at: now, waitsFor: [{ kind, detail: "the proposal." }] });

function rowsOf(group: object, drills: readonly DrillProgress[] = [], lastContactAt = now) {
  const nodes = ["bn1", "bn2"].map((node) => ({
    node,
    health: "ready",
    operator: node === "bn1" ? "draining" : "active",
  }));
  const known = { group: "main", view: { kind: "serving" }, nodes, ...group };
  const view = { name: "gw", isReachable: true, lastContactAt, status: { groups: [known] } };
  return groupRows({ at: now, gateways: [view], observers: [], drills } as unknown as Snapshot, now);
}
const linesOf = (group: object, drills: readonly DrillProgress[] = []) =>
  operationsOf(rowsOf(group, drills), drills, now).map(({ kind, tone, text }) => `${kind} (${tone}): ${text}`);

describe("operationsOf", () => {
  it("has nothing to say of a group where nobody does anything", () => {
    expect(linesOf({})).toEqual([]);
    expect(linesOf({ tripwire: { refused: 0 }, drains: [{ ...drain("proposal"), waitsFor: [] }] })).toEqual([]);
  });
  it("tells everything that is under way, most urgent first", () => {
    const last = { at: now - 60_000, kind: "double-vote", validatorIndex: 7, slot: 9, client: "10.0.0.4" };
    const group = {
      ...{ drains: [drain("proposal")], faults: [fault], tripwire: { refused: 2, last } },
      duplicateKey: { at: now - 60_000, validatorIndex: 7, clients: ["10.0.0.4", "10.0.0.5"] },
      ...{ view: { kind: "split" }, hold: { reason: "key leaked", by: "ops", at: now - 300_000 } },
    };
    expect(linesOf(group, [drill])).toEqual([
      "Tripwire (bad): 2 slashable messages refused, last 1 min ago from 10.0.0.4",
      "Key (bad): validator 7 is used by 10.0.0.4 and 10.0.0.5, last 1 min ago",
      "Hold (bad): signing is on hold for 5 min: key leaked",
      "Split (bad): a person must choose the branch",
      "Drill (wait): hang on bn2, 23 s left; detected after 212 ms, 0 failed",
      "Drain (wait): bn1 waits for the proposal",
    ]);
  });
  it("tells a fault that another monitor's drill shows, and one that this one shows only once", () => {
    expect(linesOf({ faults: [fault] })).toEqual(["Drill (wait): hang on bn2 by ops, 30 s left"]);
    expect(linesOf({ faults: [fault] }, [drill])).toHaveLength(1);
  });
  it("tells a chosen branch, and a drain that does not end by itself, as warnings", () => {
    const chosenBranch = { root: "0xab", by: "ops", at: now };
    expect(linesOf({ chosenBranch, drains: [drain("last-ready-node")] })).toEqual([
      "Split (warn): serving the branch that ops chose",
      "Drain (warn): bn1 waits for the proposal",
    ]);
  });
  it("claims nothing of a gateway that is silent", () => {
    const rows = rowsOf({ hold: { reason: "x", by: "ops", at: now } }, [], now - 60_000);
    expect(operationsOf(rows, [], now)).toEqual([]);
  });
  it("drops a drill once it has ended, and a failed request in one is bad", () => {
    expect(linesOf({}, [{ ...drill, phase: "done" }])).toEqual([]);
    const failed = { ...drill, score: { ...drill.score, failed: 1 } };
    expect(linesOf({}, [failed])[0]).toContain("Drill (bad)");
  });
});

describe("operationWords", () => {
  it("says beside a node what is done to it", () => {
    const [group] = rowsOf({ faults: [fault], drains: [drain("proposal")] }, [drill]);
    expect(group?.rows.map((row) => operationWords(row, now)?.text)).toEqual([
      "draining, waits for the proposal",
      "drill: hang, 23 s left, detected after 212 ms, 0 failed",
    ]);
  });
});
