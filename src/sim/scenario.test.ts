import { expect, test } from "vitest";
import { createFakeClock } from "../lib/fake-clock.ts";
import { createSimChain } from "./create-sim-chain.ts";
import { playScenario } from "./scenario.ts";
import { startSimBeaconNode } from "./start-sim-beacon-node.ts";

test("given two steps, faults come and go at the start of their slots", async () => {
  const clock = createFakeClock(1_700_000_000_000);
  const chain = createSimChain({ seed: "s", slotDurationMs: 12_000, genesisTimeMs: clock.now(), validators: 16 });
  await using node = disposable(await startSimBeaconNode({ chain, clock, name: "a" }));
  const run = playScenario(
    [
      { atSlot: 4, node: "a", clear: "all" },
      { atSlot: 2, node: "a", fault: { kind: "peers-zero" } },
    ],
    [node],
    chain,
    clock,
  );

  await clock.advance(23_999);
  expect(node.faults()).toEqual([]);
  await clock.advance(1);
  expect(node.faults()).toEqual([{ kind: "peers-zero" }]);
  await clock.advance(24_000);
  expect(node.faults()).toEqual([]);
  await run.finished;
});

test("a step for a node that does not exist is refused before anything is played", () => {
  const clock = createFakeClock();
  const chain = createSimChain({ seed: "s", slotDurationMs: 12_000, genesisTimeMs: 0, validators: 16 });
  expect(() => playScenario([{ atSlot: 0, node: "b", clear: "all" }], [], chain, clock)).toThrow("there is no node b");
});

function disposable<T extends { stop(): Promise<void> }>(node: T): T & AsyncDisposable {
  return Object.assign(node, { [Symbol.asyncDispose]: () => node.stop() });
}
