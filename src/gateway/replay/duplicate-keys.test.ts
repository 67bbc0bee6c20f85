import { expect, test } from "vitest";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { fakeNetwork } from "../testing/fake-upstream.ts";
import { createKeyWatch } from "./duplicate-keys.ts";

const epochMs = 32 * 12_000;
const keys = (...list: string[]) => list.map((key) => ({ key }));

function make(maxKeys = 100) {
  const clock = createFakeClock();
  const network = fakeNetwork(clock.now());
  return { clock, watch: createKeyWatch(clock, () => network, maxKeys) };
}

test("two clients that name one validator within an epoch are told, with the index and the other client", () => {
  const { watch } = make();
  expect(watch.see("preparations", keys("1", "2"), "vc-a")).toBeUndefined();
  expect(watch.see("committee-subscriptions", keys("2:320:5", "2:321:6", "3:320:1"), "vc-b")).toEqual({
    indices: ["2"],
    other: "vc-a",
  });
});

test("one client may name its validators as often as it likes", () => {
  const { watch } = make();
  for (const kind of ["preparations", "sync-subscriptions", "preparations"] as const)
    expect(watch.see(kind, keys("1"), "vc-a")).toBeUndefined();
});

test("a validator that moved an epoch ago is no duplicate, and one that moved is told once", async () => {
  const { clock, watch } = make();
  watch.see("preparations", keys("1"), "vc-a");
  await clock.advance(epochMs + 1);
  expect(watch.see("preparations", keys("1"), "vc-b")).toBeUndefined();
  expect(watch.see("preparations", keys("1"), "vc-c")).toBeDefined();
  expect(watch.see("preparations", keys("1"), "vc-c")).toBeUndefined();
});

test("two clients that go on are told in each epoch", async () => {
  const { clock, watch } = make();
  let told = 0;
  for (let epoch = 0; epoch < 3; epoch++) {
    for (const client of ["vc-a", "vc-b"]) if (watch.see("preparations", keys("1"), client)) told++;
    await clock.advance(epochMs);
  }
  expect(told).toBe(5);
});

test("registrations are not counted, and memory is bounded", () => {
  const { watch } = make(1);
  watch.see("registrations", keys("0xaa"), "vc-a");
  expect(watch.see("registrations", keys("0xaa"), "vc-b")).toBeUndefined();
  watch.see("preparations", keys("1", "2"), "vc-a");
  expect(watch.see("preparations", keys("1", "2"), "vc-b")).toMatchObject({ indices: ["1"] });
});
