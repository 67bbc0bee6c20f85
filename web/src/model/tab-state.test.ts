import { describe, expect, it } from "vitest";
import type { Snapshot, StateSentence } from "../../../src/api/contract.ts";
import type { Health, OperatorState, View } from "../../../src/upstream/types.ts";
import { tabState } from "./tab-state.ts";

const now = 1_000_000;

type Node = [node: string, health: Health, operator?: OperatorState];

function titleOf(
  level: StateSentence["level"],
  nodes: Node[],
  kind: View["kind"] = "serving",
  at = now,
  more: object = {},
): string {
  const group = {
    group: "main",
    view: { kind },
    nodes: nodes.map(([node, health, operator = "active"]) => ({ node, health, operator })),
    ...more,
  };
  const view = { name: "gw", isReachable: true, lastContactAt: now, status: { groups: [group] } };
  const snapshot = { at, state: { level }, gateways: [view], observers: [] };
  return tabState(snapshot as unknown as Snapshot, now).title;
}

describe("tabState", () => {
  it("says fine, and nothing more", () => {
    expect(titleOf("fine", [["bn1", "ready"]])).toBe("fine · Slotkeeper");
  });
  it("names the one node that is not ready", () => {
    const nodes: Node[] = [
      ["bn1", "ready"],
      ["bn2", "down"],
    ];
    expect(titleOf("warning", nodes)).toBe("⚠ bn2 down · Slotkeeper");
  });
  it("counts several", () => {
    const nodes: Node[] = [
      ["bn1", "ready"],
      ["bn2", "down"],
      ["bn3", "suspect"],
    ];
    expect(titleOf("warning", nodes)).toBe("⚠ 2 of 3 nodes not ready · Slotkeeper");
  });
  it("does not count what a person has set aside", () => {
    const nodes: Node[] = [
      ["bn1", "ready"],
      ["bn2", "down", "cordoned"],
    ];
    expect(titleOf("warning", nodes)).toBe("⚠ warning · Slotkeeper");
  });
  it("calls a hold and a drill what they are", () => {
    const nodes: Node[] = [
      ["bn1", "ready"],
      ["bn2", "down"],
    ];
    const faults = [{ node: "bn2", kind: "hang" }];
    expect(titleOf("warning", nodes, "serving", now, { faults })).toBe("⚠ drill on bn2 · Slotkeeper");
    const hold = { reason: "x", by: "ops", at: now };
    expect(titleOf("bad", nodes, "split", now, { faults, hold })).toBe("✖ signing on hold · Slotkeeper");
  });
  it("names a failure before a drill", () => {
    const nodes: Node[] = [
      ["bn1", "down"],
      ["bn2", "down"],
      ["bn3", "ready"],
    ];
    const more = { faults: [{ node: "bn2", kind: "hang" }] };
    expect(titleOf("warning", nodes, "serving", now, more)).toBe("⚠ bn1 down · Slotkeeper");
  });
  it("says the worst first", () => {
    const nodes: Node[] = [
      ["bn1", "down"],
      ["bn2", "down"],
    ];
    expect(titleOf("bad", nodes, "none")).toBe("✖ no node ready · Slotkeeper");
    expect(titleOf("bad", [["bn1", "suspect"]], "split")).toBe("✖ chain split · Slotkeeper");
  });
  it("does not call nodes down of which nothing is known", () => {
    expect(titleOf("unknown", [["bn1", "unknown"]])).toBe("? state unknown · Slotkeeper");
  });
  it("does not repeat what old data said", () => {
    expect(titleOf("fine", [["bn1", "ready"]], "serving", now - 60_000)).toBe("? data is old · Slotkeeper");
  });
  it("claims nothing before the first data", () => {
    expect(tabState(undefined, now)).toEqual({ title: "Slotkeeper", tone: "unknown" });
  });
});
