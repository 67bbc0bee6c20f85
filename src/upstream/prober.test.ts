import { expect, test } from "vitest";
import type { BeaconClient } from "../beacon/beacon-client.ts";
import { createFakeClock } from "../lib/fake-clock.ts";
import type { Fact } from "./facts.ts";
import { createProber } from "./prober.ts";

/** A prober of a node that answers each question after `latencyMs()`. */
function setUp(latencyMs: () => number) {
  const clock = createFakeClock();
  const facts: Fact[] = [];
  const asked: number[] = [];
  const status = { headSlot: 1, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false };
  const call = async () => {
    asked.push(clock.monotonic());
    const ms = latencyMs();
    await clock.sleep(ms);
    return { ok: true, value: status, latencyMs: ms, serverTimeAt: undefined };
  };
  const missing = () =>
    Promise.resolve({ ok: false, failure: { kind: "status", status: 404, message: "" }, latencyMs: 1 });
  const stop = new AbortController();
  const prober = createProber({
    ...{ node: "a", clock, random: () => 0.5, signal: stop.signal, slotDurationMs: () => 12_000 },
    health: { call } as unknown as BeaconClient,
    others: { call: missing } as unknown as BeaconClient,
    onFact: (fact) => facts.push(fact),
  });
  const slow = () => facts.filter(({ kind }) => kind === "probe-slow").length;
  return { clock, prober, slow, facts, asked, stop: () => stop.abort() };
}

test("a node that always takes 600 ms is doubted at first, and then no more", async () => {
  const { clock, slow, asked, stop } = setUp(() => 600);
  await clock.advance(60_000);
  expect(asked.length).toBeGreaterThan(50);
  expect(slow()).toBeGreaterThan(0);
  expect(slow()).toBeLessThan(3);
  stop();
});

test("a fast node that falls silent is doubted after half a second", async () => {
  let latencyMs = 5;
  const { clock, slow, stop } = setUp(() => latencyMs);
  await clock.advance(10_000);
  expect(slow()).toBe(0);
  latencyMs = 100_000;
  await clock.advance(1_000 + 510);
  expect(slow()).toBe(1);
  stop();
});

test("a header that the API does not have yet is asked for again soon, and more rarely later", async () => {
  const { clock, prober, facts, stop } = setUp(() => 5);
  const lookUps = () => facts.filter((fact) => fact.kind === "probe-failed" && fact.probe === "header").length;
  await clock.advance(1);
  prober.lookUp("0x01");
  await clock.advance(100);
  prober.lookUp("0x01");
  expect(lookUps()).toBe(1);
  await clock.advance(150);
  prober.lookUp("0x01");
  await clock.advance(1);
  expect(lookUps()).toBe(2);
  for (let step = 0; step < 100; step++) {
    prober.lookUp("0x01");
    await clock.advance(100);
  }
  expect(lookUps()).toBeLessThan(10);
  stop();
});
