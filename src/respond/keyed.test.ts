import { expect, test } from "vitest";
import { keyed } from "./keyed.ts";

test("an item takes the place of the one with its key; the keys are read once, and not for each look", () => {
  const items = Array.from({ length: 1_000 }, (_, i) => ({ id: `${i}`, text: "old" }));
  let read = 0;
  const table = keyed(items, ({ id }) => {
    read += 1;
    return id;
  });
  expect(table.list()).toBe(items);
  for (let i = 0; i < 1_000; i++) table.put({ id: `${i}`, text: table.get(`${i}`)?.text === "old" ? "new" : "lost" });
  table.put({ id: "last", text: "new" });
  expect(read).toBe(2_001);
  expect(table.list().map(({ id }) => id)).toEqual([...items.map(({ id }) => id), "last"]);
  expect(table.list().every(({ text }) => text === "new")).toBe(true);
  expect(table.list()).toBe(table.list());
});
