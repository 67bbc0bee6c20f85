import { expect, test } from "vitest";
import { groupStatus, nodeStatus, now } from "../control/testing/samples.ts";
import { groupLines, operationLines } from "./safety-text.ts";

const group = groupStatus([nodeStatus("bn1"), nodeStatus("bn2")]);

test("where nothing is set and nothing was refused there is nothing to say", () => {
  expect(operationLines({ ...group, tripwire: { refused: 0 } }, now)).toEqual([]);
});

test("each thing that people set, and what was refused, has its line", () => {
  const untilAt = now + 30_000;
  const lines = operationLines(
    {
      ...group,
      hold: { reason: "key 7", by: "alice", at: now - 60_000 },
      drains: [
        { node: "bn1", by: "bob", at: now - 5_000, waitsFor: [{ kind: "creator-lease", detail: "a block", untilAt }] },
        { node: "bn2", by: "bob", at: now - 5_000, waitsFor: [] },
      ],
      faults: [{ id: "f1", node: "bn1", kind: "hang", by: "drill", startedAt: now, expiresAt: untilAt }],
      branches: [
        { root: "0xaa", slot: 3, nodes: ["bn1"], support: 1, justifiedEpoch: 2, finalizedEpoch: 1 },
        { root: "0xbb", slot: 3, nodes: ["bn2"], support: 1, justifiedEpoch: 2, finalizedEpoch: undefined },
      ],
      tripwire: {
        refused: 2,
        last: { at: now, kind: "double-vote", validatorIndex: 7, slot: 3, client: "10.0.0.1" },
      },
    },
    now,
  );
  expect(lines).toEqual([
    "HELD by alice for 60 s: key 7. Signing inputs are withheld.",
    "SPLIT into 2 branches: nothing is served to sign over",
    "  0xaa at slot 3, justified 2, finalized 1, support 1 (bn1)",
    "  0xbb at slot 3, justified 2, finalized ?, support 1 (bn2)",
    "bn1 draining, waits for: a block, 30 s from now (bob, 5 s ago)",
    "bn2 out of service, may be stopped (bob, 5 s ago)",
    "fault hang on bn1, by drill, 30 s from now (f1)",
    "REFUSED 2 slashable messages, last double-vote of validator 7 in slot 3 from 10.0.0.1",
  ]);
});

test("a chosen branch says who chose it", () => {
  const branches = [{ root: "0xaa", slot: 3, nodes: ["bn1"], support: 1, justifiedEpoch: 2, finalizedEpoch: 1 }];
  const chosenBranch = { root: "0xaa", by: "alice", at: now };
  expect(operationLines({ ...group, branches, chosenBranch }, now)[0]).toBe("SPLIT into 1 branches, alice chose 0xaa");
});

test("the watermark and coming proposals stand in the gateway's own status", () => {
  const proposals = [{ slot: 3_203, validatorIndex: 7 }];
  const lines = groupLines({ ...group, sourceWatermark: { epoch: 99, at: now }, proposals }, now);
  expect(lines).toEqual([
    "no source epoch below 99 is served",
    "coming proposals: slot 3203 by validator 7, 36 s from now",
  ]);
  expect(groupLines({ ...group, proposals: [] }, now)).toEqual(["coming proposals: none known"]);
});
