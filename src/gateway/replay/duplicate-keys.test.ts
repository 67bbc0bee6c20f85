import { expect, test } from "vitest";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { fakeNetwork } from "../testing/fake-upstream.ts";
import { createKeyWatch } from "./duplicate-keys.ts";

const epochMs = 32 * 12_000;
const keys = (...list: (number | undefined)[]) => list.map((validatorIndex) => ({ validatorIndex }));

function make(maxKeys = 100) {
  const clock = createFakeClock();
  const network = fakeNetwork(clock.now());
  return { clock, watch: createKeyWatch(clock, () => network, maxKeys) };
}

test("two clients that name one validator within an epoch are told, with the index and the other client", () => {
  const { watch } = make();
  expect(watch.see(keys(1, 2), "vc-a")).toBeUndefined();
  expect(watch.see(keys(2, 2, 3), "vc-b")).toEqual({
    indices: ["2"],
    other: "vc-a",
  });
});

test("one client may name its validators as often as it likes", () => {
  const { watch } = make();
  for (let i = 0; i < 3; i++) expect(watch.see(keys(1), "vc-a")).toBeUndefined();
});

test("a validator that moved an epoch ago is no duplicate, and one that moved is told once", async () => {
  const { clock, watch } = make();
  watch.see(keys(1), "vc-a");
  await clock.advance(epochMs + 1);
  expect(watch.see(keys(1), "vc-b")).toBeUndefined();
  expect(watch.see(keys(1), "vc-c")).toBeDefined();
  expect(watch.see(keys(1), "vc-c")).toBeUndefined();
});

test("two clients that go on are told in each epoch", async () => {
  const { clock, watch } = make();
  let told = 0;
  for (let epoch = 0; epoch < 3; epoch++) {
    for (const client of ["vc-a", "vc-b"]) if (watch.see(keys(1), client)) told++;
    await clock.advance(epochMs);
  }
  expect(told).toBe(5);
});

test("registrations are not counted, and memory is bounded", () => {
  const { watch } = make(1);
  watch.see(keys(undefined), "vc-a");
  expect(watch.see(keys(undefined), "vc-b")).toBeUndefined();
  watch.see(keys(1, 2), "vc-a");
  expect(watch.see(keys(1, 2), "vc-b")).toMatchObject({ indices: ["1"] });
});
