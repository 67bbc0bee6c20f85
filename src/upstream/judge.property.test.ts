import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPeerRule } from "./peer-check.ts";
import { judgeBranches } from "./branches.ts";
import { addBlock, emptyAncestry, holds, relate } from "./ancestry.ts";
import { blockAt, readyGroup, slotMs, testGroup, type TestGroup } from "./judge-fixture.ts";
import { newNode, type NodeState } from "./state.ts";

const names = ["a", "b", "c"] as const;
const node = fc.constantFrom(...names);
const maybe = fc.constantFrom(true, false, undefined);

/** Anything that can happen to a node, as a step of a test group. */
const step = fc.oneof(
  fc.record({ node, is: maybe, optimistic: maybe, offline: maybe, slot: fc.integer({ min: 990, max: 1020 }) }).map(
    (it) => (group: TestGroup) =>
      group.syncing(it.node, {
        isSyncing: it.is,
        isOptimistic: it.optimistic,
        elOffline: it.offline,
        headSlot: it.slot,
      }),
  ),
  fc
    .record({ node, slot: fc.integer({ min: 990, max: 1020 }), chain: fc.constantFrom("m", "x") })
    .map((it) => (group: TestGroup) => group.head(it.node, blockAt(it.slot, it.chain))),
  fc
    .record({ node, kind: fc.constantFrom("refused" as const, "timeout" as const, "not-json" as const) })
    .map((it) => (group: TestGroup) => group.fail(it.node, { kind: it.kind })),
  node.map((it) => (group: TestGroup) => group.tell({ kind: "stream-broken", node: it, detail: "", isAsked: false })),
  node.map((it) => (group: TestGroup) => group.tell({ kind: "probe-slow", node: it })),
  node.map((it) => (group: TestGroup) => group.tell({ kind: "gate-finished", node: it })),
  node.map((it) => (group: TestGroup) => group.network(it)),
  fc
    .record({ node, count: fc.constantFrom(0, 50) })
    .map((it) => (group: TestGroup) => group.answer(it.node, { probe: "peers", connected: it.count })),
  fc
    .record({ node, at: fc.constantFrom("active" as const, "cordoned" as const) })
    .map((it) => (group: TestGroup) => group.operator(it.node, it.at)),
  fc
    .record({ node, epoch: fc.integer({ min: 30, max: 31 }), label: fc.constantFrom("j", "k") })
    .map((it) => (group: TestGroup) => group.finality(it.node, [it.epoch, it.label], [it.epoch - 1, "f"])),
  fc.integer({ min: 1, max: 4 * slotMs }).map((ms) => (group: TestGroup) => group.advance(ms)),
);

test("whatever happens: ready needs knowledge, signing inputs need more, and a view never contradicts its nodes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, isFresh) => {
      const group = isFresh ? testGroup(names.map((name) => ({ name }))) : readyGroup(names);
      let generation = group.state.view.generation;
      for (const apply of steps) {
        const before = group.state.view;
        apply(group);
        const { view } = group.state;
        expect(view === before || view.generation > generation).toBe(true);
        generation = view.generation;
        for (const name of view.ready) {
          const { verdict, syncing, genesis, operator } = group.node(name);
          expect(verdict.health).toBe("ready");
          expect(operator).toBe("active");
          expect(syncing?.isSyncing).toBe(false);
          expect(syncing?.elOffline).not.toBe(true);
          expect(genesis).toBeDefined();
        }
        for (const name of view.signingInputs) {
          const signer = group.node(name);
          expect(signer.syncing?.isOptimistic ?? signer.head?.isOptimistic).toBe(false);
          expect(signer.headLagSlots).toBeLessThanOrEqual(8);
          expect(signer.verdict.health).not.toBe("down");
        }
        if (view.kind === "split" || view.kind === "none") expect(view.signingInputs).toEqual([]);
        expect(view.kind === "serving").toBe(view.reason === undefined);
        if (view.ready.length > 0) expect(view.fallback).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test("trap 18: clocks and peers never take out the last ready node", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ offsetMs: fc.integer({ min: -7_200_000, max: 7_200_000 }), peers: fc.constantFrom(0, 50) }),
        { minLength: 1, maxLength: 3 },
      ),
      (facts) => {
        const group = readyGroup(names.slice(0, facts.length));
        for (const [index, { offsetMs, peers }] of facts.entries()) {
          const name = names[index] ?? "a";
          group.answer(
            name,
            {
              probe: "syncing",
              status: { headSlot: 1000, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false },
            },
            { serverTimeAt: group.now + offsetMs },
          );
          group.answer(name, { probe: "peers", connected: peers });
        }
        group.advance(31_000);
        expect(group.state.view.ready.length).toBeGreaterThan(0);
      },
    ),
  );
});

test("the peer rule leaves at least one ready node ready", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 60_000 })), { minLength: 1, maxLength: 6 }), (since) => {
      const judged = since.map((at, index) => ({
        node: { ...bareNode(`n${index}`), zeroPeersSince: at ?? undefined },
        verdict: { health: "ready", reason: "in-sync", detail: "" } as const,
      }));
      expect(applyPeerRule(judged, 60_000).some(({ verdict }) => verdict.health === "ready")).toBe(true);
    }),
  );
});

test("a tie never switches: with equal support the branch that was served stays, whatever the numbers and the order", () => {
  const families = fc.array(fc.constantFrom("teku", "lighthouse", "nimbus"), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(families, families, fc.boolean(), (mine, theirs, isReversed) => {
      fc.pre(new Set(mine).size === new Set(theirs).size);
      let ancestry = emptyAncestry;
      for (const chain of ["m", "x"])
        for (let slot = 10; slot <= 40; slot++) ancestry = addBlock(ancestry, blockAt(slot, chain));
      const member = (client: string, chain: string, index: number): NodeState => ({
        ...bareNode(`${chain}${index}`, client),
        head: { ...blockAt(40, chain), isOptimistic: false, seenAt: 0 },
        isOnView: chain === "m",
      });
      const nodes = [
        ...mine.map((client, index) => member(client, "m", index)),
        ...theirs.map((client, index) => member(client, "x", index)),
      ];
      const judged = judgeBranches(isReversed ? nodes.reverse() : nodes, ancestry, 8, blockAt(39), false);
      expect(judged.branches).toHaveLength(2);
      expect(judged.hasSwitched).toBe(false);
      expect(judged.served?.nodes.every((each) => each.config.name.startsWith("m"))).toBe(true);
    }),
  );
});

test("ancestry: a line is one branch, a fork above the floor too, one below it is not; the unknown is named", () => {
  let ancestry = emptyAncestry;
  for (let slot = 1; slot <= 40; slot++) ancestry = addBlock(ancestry, blockAt(slot));
  for (let slot = 20; slot <= 40; slot++)
    ancestry = addBlock(
      ancestry,
      slot === 20 ? { ...blockAt(20, "x"), parentRoot: blockAt(19).root } : blockAt(slot, "x"),
    );
  expect(holds(ancestry, blockAt(40), blockAt(3)).kind).toBe("yes");
  expect(holds(ancestry, blockAt(40, "x"), blockAt(30)).kind).toBe("no");
  expect(relate(ancestry, blockAt(40), blockAt(5), 39).kind).toBe("same");
  expect(relate(ancestry, blockAt(40), blockAt(40, "x"), 18).kind).toBe("same");
  expect(relate(ancestry, blockAt(40), blockAt(40, "x"), 19).kind).toBe("different");
  expect(relate(ancestry, blockAt(40), blockAt(41, "y"), 10)).toEqual({
    kind: "unknown",
    missing: blockAt(41, "y").root,
    side: "second",
  });
});

test("ancestry stays bounded, and keeps the newest", () => {
  let ancestry = emptyAncestry;
  for (let slot = 1; slot <= 5000; slot++) ancestry = addBlock(ancestry, blockAt(slot));
  expect(ancestry.size).toBeLessThanOrEqual(512);
  expect(holds(ancestry, blockAt(5000), blockAt(4700)).kind).toBe("yes");
});

function bareNode(name: string, client = "teku"): NodeState {
  return newNode(
    { name, url: "http://x", priority: 0, client, executionClient: client, labels: {}, headers: {} },
    "active",
    0,
  );
}
