import { expect, test } from "vitest";
import { blockAt, genesis, otherGenesis, readyGroup, spec, testGroup } from "./judge-fixture.ts";

test("a node on another network than the named one is down, with both names", () => {
  const group = testGroup([{ name: "a" }, { name: "b" }], {
    kind: "known",
    name: "test",
    genesisValidatorsRoot: genesis.genesisValidatorsRoot.toUpperCase().replace("0X", "0x"),
  });
  group.network("a", {
    genesis: {
      ...genesis,
      genesisValidatorsRoot: "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95",
    },
  });
  group.syncing("a");
  expect(group.health("a")).toBe("down: wrong-network");
  expect(group.node("a").verdict.detail).toContain("mainnet");
  group.makeReady("b");
  expect(group.state.view).toMatchObject({ ready: ["b"], fallback: [] });
});

test("the same validators root with another fork version is another network", () => {
  const group = testGroup([{ name: "a" }], {
    kind: "known",
    name: "test",
    genesisValidatorsRoot: genesis.genesisValidatorsRoot,
    genesisForkVersion: "0x99999999",
  });
  group.makeReady("a");
  expect(group.health("a")).toBe("down: wrong-network");
  expect(group.state.view.kind).toBe("none");
});

test("auto: the first to answer decides nothing; the majority does", () => {
  const group = testGroup([{ name: "wrong" }, { name: "b" }, { name: "c" }]);
  group.network("wrong", { genesis: otherGenesis });
  group.syncing("wrong");
  expect(group.health("wrong")).toBe("unknown: network-not-agreed");
  group.makeReady("b");
  expect(group.state.network).toBeUndefined();
  group.makeReady("c");
  expect(group.health("wrong")).toBe("down: wrong-network");
  expect(group.state.view.ready).toEqual(["b", "c"]);
});

test("auto: a wrong node that was alone at first is out as soon as the majority is there", () => {
  const group = testGroup([{ name: "wrong" }, { name: "b" }, { name: "c" }]);
  for (const name of ["b", "c"]) group.fail(name, { kind: "refused" });
  group.network("wrong", { genesis: otherGenesis });
  group.syncing("wrong");
  expect(group.state.network?.genesis.genesisValidatorsRoot).toBe(otherGenesis.genesisValidatorsRoot);
  group.makeReady("b");
  group.makeReady("c");
  expect(group.health("wrong")).toBe("down: wrong-network");
  for (const name of ["b", "c"]) group.tell({ kind: "gate-finished", node: name });
  expect(group.state.view.ready).toEqual(["b", "c"]);
});

test("auto: one against one decides nothing", () => {
  const group = testGroup([{ name: "a" }, { name: "b" }]);
  group.network("a");
  group.network("b", { genesis: otherGenesis });
  for (const name of ["a", "b"]) group.syncing(name);
  group.advance(10_000);
  expect([group.health("a"), group.health("b")]).toEqual(Array(2).fill("unknown: network-not-agreed"));
  expect(group.state.view).toMatchObject({ kind: "none", signingInputs: [] });
});

test("auto: what has been agreed for a minute is not undone by a wrong newcomer", () => {
  const group = testGroup([{ name: "a" }, { name: "b" }]);
  group.fail("b", { kind: "refused" });
  group.makeReady("a");
  group.advance(61_000);
  group.network("b", { genesis: otherGenesis });
  group.syncing("b");
  expect(group.health("b")).toBe("down: wrong-network");
  expect(group.health("a")).toBe("ready: in-sync");
});

test("auto: a node that hangs holds up the others for three seconds, one that refuses not at all", () => {
  const hanging = testGroup([{ name: "a" }, { name: "b" }]);
  hanging.makeReady("a");
  expect(hanging.health("a")).toBe("unknown: network-not-agreed");
  hanging.advance(3000);
  expect(hanging.health("a")).toBe("ready: in-sync");

  const refusing = testGroup([{ name: "a" }, { name: "b" }]);
  refusing.fail("b", { kind: "refused" });
  refusing.makeReady("a");
  expect(refusing.health("a")).toBe("ready: in-sync");
});

test("slots of another length are another network", () => {
  const group = readyGroup();
  group.network("a", { spec: { ...spec, slotDurationMs: 6000 } });
  expect(group.health("a")).toBe("down: wrong-network");
});

test("a fork in force that differs from the others' evicts; one to come is a warning", () => {
  const group = readyGroup();
  const past = { version: "0x01000001", epoch: 10 };
  const future = (epoch: number) => ({ version: "0x02000001", epoch });
  for (const name of ["b", "c"]) group.answer(name, { probe: "forks", forks: [past, future(500)] });
  group.answer("a", { probe: "forks", forks: [past, future(900)] });
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.node("a").warnings).toMatchObject([{ reason: "future-fork-differs" }]);
  expect(group.node("b").warnings).toEqual([]);
  group.answer("a", { probe: "forks", forks: [{ ...past, version: "0x0f000001" }, future(500)] });
  expect(group.health("a")).toBe("down: fork-schedule-differs");
});

test("of two nodes that differ in forks neither is condemned; both are warned of a future one", () => {
  const group = readyGroup(["a", "b"]);
  group.answer("a", {
    probe: "forks",
    forks: [
      { version: "0x00000001", epoch: 0 },
      { version: "0x02000001", epoch: 400 },
    ],
  });
  group.answer("b", { probe: "forks", forks: [{ version: "0x00000001", epoch: 0 }] });
  expect(group.state.view.ready).toEqual(["a", "b"]);
  for (const name of ["a", "b"]) expect(group.node(name).warnings).toMatchObject([{ reason: "future-fork-differs" }]);
});

test("forks never scheduled, and those that a devnet skips at genesis, do not count as differences", () => {
  const group = readyGroup(["a", "b", "c"]);
  const far = { version: "0x09000001", epoch: 18446744073709551615 };
  group.answer("a", {
    probe: "forks",
    forks: [{ version: "0x00000001", epoch: 0 }, { version: "0x03000001", epoch: 0 }, far],
  });
  for (const name of ["b", "c"]) group.answer(name, { probe: "forks", forks: [{ version: "0x03000001", epoch: 0 }] });
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.node("a").warnings).toEqual([]);
});

test("a node whose genesis or spec cannot be read says why", () => {
  const group = testGroup([{ name: "a" }]);
  group.head("a", blockAt(1000));
  group.syncing("a");
  group.tell({
    kind: "probe-failed",
    node: "a",
    probe: "spec",
    failure: { kind: "wrong-shape", message: "no SLOTS_PER_EPOCH" },
  });
  expect(group.health("a")).toBe("unknown: network-unreadable");
  expect(group.node("a").verdict.detail).toBe("no SLOTS_PER_EPOCH");
});

test("a node that comes back on another network does not come back", () => {
  const group = readyGroup();
  group.fail("a", { kind: "refused" });
  group.network("a", { genesis: otherGenesis });
  group.syncing("a");
  expect(group.health("a")).toBe("down: wrong-network");
});
