import { expect, test } from "vitest";
import { readyGroup } from "./judge-fixture.ts";

test("a draining node is not chosen while another one is ready", () => {
  const group = readyGroup();
  group.operator("a", "draining");
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["b", "c"], signingInputs: ["b", "c"] });
});

test("a draining node serves on while no other can, and steps back when one can", () => {
  const group = readyGroup(["a", "b"]);
  group.operator("a", "draining");
  group.fail("b", { kind: "refused" });
  group.advance(500);
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["a"], signingInputs: ["a"] });
  group.syncing("b");
  group.tell({ kind: "gate-finished", node: "b" });
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["b"], signingInputs: ["b"] });
});

test.each(["cordoned", "maintenance"] as const)("a node that is %s never serves, not even as the last one", (state) => {
  const group = readyGroup(["a", "b"]);
  group.operator("a", state);
  group.fail("b", { kind: "refused" });
  group.advance(500);
  expect(group.state.view).toMatchObject({ ready: [], signingInputs: [] });
});

test("a node returns from maintenance only after what clients said meanwhile was replayed to it", () => {
  const group = readyGroup();
  group.operator("a", "maintenance");
  group.takeWanted();
  group.operator("a", "active");
  expect(group.health("a")).toBe("warming: warming-replay");
  expect(group.takeWanted()).toContainEqual({ kind: "gate", node: "a" });
  expect(group.state.view.ready).toEqual(["b", "c"]);
  group.tell({ kind: "gate-finished", node: "a" });
  expect(group.state.view.ready).toEqual(["b", "c", "a"]);
});

test("a drain that is called off needs no replay: the node was told everything all along", () => {
  const group = readyGroup();
  group.operator("a", "draining");
  group.operator("a", "active");
  expect(group.state.view.ready).toEqual(["a", "b", "c"]);
});
