import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../src/api/contract.ts";
import type { GroupStatus } from "../../../src/control/types.ts";
import type { UpstreamStatus } from "../../../src/upstream/types.ts";
import { filterRows, groupRows, nodeKey, sortRows } from "./node-list.ts";

const now = 1_000_000;

function snapshotWith(nodes: Partial<UpstreamStatus>[], gateway: Partial<Snapshot["gateways"][number]> = {}): Snapshot {
  const group = {
    group: "main",
    nodes: nodes.map((node) => ({
      health: "ready",
      operator: "active",
      reason: "in-sync",
      detail: "",
      group: "main",
      labels: {},
      clientFamily: "",
      ...node,
    })),
  } as unknown as GroupStatus;
  const view = {
    name: "gw",
    isReachable: true,
    lastContactAt: now,
    error: undefined,
    status: { groups: [group] },
    ...gateway,
  };
  return { at: now, gateways: [view], observers: [] } as unknown as Snapshot;
}

const rowsOf = (snapshot: Snapshot, at = now) => groupRows(snapshot, at).flatMap((group) => group.rows);

describe("groupRows", () => {
  it("shows a node as it is while its gateway is heard", () => {
    expect(rowsOf(snapshotWith([{ node: "a" }]))[0]?.state).toMatchObject({
      tone: "fine",
      word: "ready",
      was: undefined,
    });
  });

  it.each([
    ["its gateway does not answer", snapshotWith([{ node: "a" }], { isReachable: false }), now],
    ["its gateway was last heard long ago", snapshotWith([{ node: "a" }], { lastContactAt: now - 60_000 }), now],
    ["the snapshot itself is old", snapshotWith([{ node: "a" }]), now + 60_000],
  ])("never shows a node as ready when %s", (_why, snapshot, at) => {
    expect(rowsOf(snapshot, at)[0]?.state).toMatchObject({ tone: "unknown", word: "unknown", was: "ready" });
  });

  it("keeps separators in names out of the key", () => {
    expect(nodeKey("g", "a/b", "c d")).toBe("g/a%2Fb/c%20d");
  });
});

describe("sortRows", () => {
  const rows = rowsOf(
    snapshotWith([{ node: "bn-10", peers: 5 }, { node: "bn-2" }, { node: "bn-1", peers: 9, health: "down" }]),
  );
  const names = (...input: Parameters<typeof sortRows>) => sortRows(...input).map((row) => row.status.node);

  it("sorts numbers in names as numbers", () => expect(names(rows, "name", false)).toEqual(["bn-1", "bn-2", "bn-10"]));
  it("puts the worst first by state", () => expect(names(rows, "state", false)[0]).toBe("bn-1"));
  it("puts unknown last either way", () => {
    expect(names(rows, "peers", false)).toEqual(["bn-10", "bn-1", "bn-2"]);
    expect(names(rows, "peers", true)).toEqual(["bn-1", "bn-10", "bn-2"]);
  });
});

describe("filterRows", () => {
  const rows = rowsOf(
    snapshotWith([
      { node: "a", labels: { region: "fra" } },
      { node: "b", health: "down" },
      { node: "c", operator: "cordoned" },
    ]),
  );
  const names = (find: string, show: "all" | "trouble" | "set-aside") =>
    filterRows(rows, find, show, () => "in sync").map((row) => row.status.node);

  it("finds every word in name, label, state or reason", () => {
    expect(names("region=fra sync", "all")).toEqual(["a"]);
    expect(names("down", "all")).toEqual(["b"]);
  });
  it("shows what is not fine, and what is set aside", () => {
    expect(names("", "trouble")).toEqual(["b", "c"]);
    expect(names("", "set-aside")).toEqual(["c"]);
  });
});
