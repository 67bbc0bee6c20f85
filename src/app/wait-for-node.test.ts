import { describe, expect, test } from "vitest";
import { groupStatus, nodeStatus } from "../control/testing/samples.ts";
import { progressOf } from "./wait-for-node.ts";

const wait = { kind: "in-flight" as const, detail: "1 request to it is under way", untilAt: undefined };

describe("waiting for a drain", () => {
  const drained = { node: "bn1", until: "drained" as const };
  test("shows every reason, until the node is out", () => {
    const nodes = [nodeStatus("bn1", { operator: "draining" }), nodeStatus("bn2")];
    const drains = [{ node: "bn1", by: "alice", at: 1, waitsFor: [wait, { ...wait, detail: "a block" }] }];
    expect(progressOf({ ...groupStatus(nodes), drains }, drained, false)).toEqual({
      kind: "waits",
      text: "bn1 waits for: 1 request to it is under way; a block",
    });
    const out = groupStatus([nodeStatus("bn1", { operator: "maintenance" })]);
    expect(progressOf(out, drained, false)).toMatchObject({ kind: "reached" });
  });

  test("a monitor that still shows what was before the command is waited for, but not for long", () => {
    const before = groupStatus([nodeStatus("bn1")]);
    expect(progressOf(before, drained, true)).toMatchObject({ kind: "waits" });
    expect(progressOf(before, drained, false)).toEqual({
      kind: "failed",
      text: "the drain of bn1 was called off: it is active",
    });
  });

  test("a node that left the configuration is no longer waited for", () => {
    expect(progressOf(groupStatus([nodeStatus("bn2")]), drained, true)).toMatchObject({ kind: "failed" });
  });
});

describe("waiting for a return", () => {
  const serving = { node: "bn1", until: "serving" as const };
  test("ends when the node is among those that serve, not when it is merely asked for", () => {
    const warming = groupStatus([nodeStatus("bn1", { health: "warming", reason: "warming-replay" })]);
    expect(progressOf(warming, serving, false)).toEqual({ kind: "waits", text: "bn1 is warming: warming-replay" });
    expect(progressOf(groupStatus([nodeStatus("bn1")]), serving, false)).toMatchObject({ kind: "reached" });
  });

  test("somebody who takes it out again ends it too", () => {
    const cordoned = groupStatus([nodeStatus("bn1", { operator: "cordoned" })]);
    expect(progressOf(cordoned, serving, true)).toMatchObject({ kind: "waits" });
    expect(progressOf(cordoned, serving, false)).toMatchObject({ kind: "failed" });
  });
});
