import { expect, test } from "vitest";
import { createStoreWatch } from "./store-watch.ts";

test("the store fails since the first write that it refused, until it takes one", () => {
  let now = 1_000;
  const watch = createStoreWatch(() => now);
  expect(watch.failingSince()).toBeUndefined();
  watch.refused();
  now = 9_000;
  watch.refused();
  expect(watch.failingSince()).toBe(1_000);
  watch.wrote();
  expect(watch.failingSince()).toBeUndefined();
});
