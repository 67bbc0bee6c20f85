import { expect, test } from "vitest";
import { recentActions } from "./recent-actions.ts";

test("what was done to nodes is a change, once; what was refused or only told is none", () => {
  const rows: readonly [number, string, string, string][] = [
    [1, "node.drain", "gw/a/bn1", "asked"],
    [2, "node.drain", "gw/a/bn1", "done: bn1 is draining (asked in record 1)"],
    [3, "group.hold", "gw/a", "asked"],
    [4, "group.hold", "gw/a", "failed: there is no group (asked in record 3)"],
    [5, "silence.add", "alerts", "done"],
    [6, "incident.declare", "outage", "asked"],
    [7, "node.cordon", "gw/a/bn2", "asked"],
  ];
  const hashes = { previousHash: "", hash: "" };
  const records = rows.map(([id, action, target, result]) => ({
    ...{ id, at: id, actor: "ann", action, target, result, ...hashes },
  }));
  expect(recentActions(records).map(({ action, result, at }) => [at, action, result])).toEqual([
    [2, "node.drain", "done"],
    // The monitor ended before it could say what came of it.
    [7, "node.cordon", "asked"],
  ]);
});
