import { expect, test } from "vitest";
import { createCreatorMap } from "./creator-map.ts";

test("a node has a lease on each block that it built, until that is published", () => {
  const creators = createCreatorMap();
  creators.remember("10", "a");
  creators.remember("11", "b");
  creators.remember("12", "a");
  creators.close("10");
  expect(creators.openLeases("a")).toEqual([12]);
  expect(creators.openLeases("b")).toEqual([11]);
  expect(creators.find("10")).toBe("a");
});

test("each node that built a block for the slot has a lease: which one is signed is not known yet", () => {
  const creators = createCreatorMap();
  creators.remember("10", "a");
  creators.remember("10", "b");
  expect(creators.openLeases("a")).toEqual([10]);
  expect(creators.openLeases("b")).toEqual([10]);
});

test("leases are bounded with the slots", () => {
  const creators = createCreatorMap(2);
  for (const slot of ["1", "2", "3"]) creators.remember(slot, "a");
  expect(creators.openLeases("a")).toEqual([2, 3]);
});
