import { expect, it } from "vitest";
import { chainWords, isRecordFound, resultTone } from "./audit-list.ts";

const record = {
  ...{ id: 1, at: 1, actor: "alice from 127.0.0.1", action: "node.cordon", target: "main/default/bn1" },
  ...{ result: "done (asked in record 4)", previousHash: "", hash: "" },
};

it("finds a record by every field that is given", () => {
  expect(isRecordFound(record, {})).toBe(true);
  expect(isRecordFound(record, { actor: "ALICE", action: "cordon ", target: "bn1", result: "done" })).toBe(true);
  expect(isRecordFound(record, { actor: "alice", action: "drain" })).toBe(false);
});

it("tells what was asked, done and failed apart", () => {
  expect(["asked", "done (asked in record 4)", "failed: no"].map(resultTone)).toEqual(["wait", "fine", "warn"]);
});

it("never calls a broken chain whole", () => {
  expect(chainWords({ isWhole: true, count: 1_200, why: undefined }).sentence).toBe(
    "The chain of 1,200 records is whole.",
  );
  expect(chainWords({ isWhole: false, count: 3, why: "record 2 is missing" })).toEqual({
    ...{ tone: "bad", sentence: "The chain of records is broken: record 2 is missing." },
  });
});
