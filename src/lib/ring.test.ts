import fc from "fast-check";
import { expect, it } from "vitest";
import { createRing } from "./ring.ts";

it("gives what was pushed after the cursor", () => {
  const ring = createRing<string>(4);
  ring.push("a");
  ring.push("b");
  expect(ring.readAfter(1)).toEqual({ items: [{ seq: 2, item: "b" }], nextAfter: 2 });
  expect(ring.readAfter(2)).toEqual({ items: [], nextAfter: 2 });
});

it("says which items fell out before they were read", () => {
  const ring = createRing<number>(3);
  for (let i = 1; i <= 10; i++) ring.push(i);
  const page = ring.readAfter(2);
  expect(page.gap).toEqual({ fromSeq: 3, toSeq: 7 });
  expect(page.items.map((entry) => entry.item)).toEqual([8, 9, 10]);
});

it("starts over for a cursor from before a restart", () => {
  const ring = createRing<number>(3);
  ring.push(1);
  expect(ring.readAfter(500).items.map((entry) => entry.seq)).toEqual([1]);
});

it("accounts for every item: read, still to read, or in a gap", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.integer({ min: 0, max: 12 })),
      fc.integer({ min: 1, max: 5 }),
      (capacity, bursts, limit) => {
        const ring = createRing<number>(capacity);
        let after = 0;
        let accounted = 0;
        const drain = () => {
          const page = ring.readAfter(after, limit);
          if (page.gap) accounted += page.gap.toSeq - page.gap.fromSeq + 1;
          for (const { seq, item } of page.items) expect(item).toBe(seq);
          accounted += page.items.length;
          after = page.nextAfter;
          return page.items.length;
        };
        for (const burst of bursts) {
          for (let i = 0; i < burst; i++) ring.push(ring.lastSeq + 1);
          drain();
        }
        while (drain() > 0);
        expect(accounted).toBe(ring.lastSeq);
      },
    ),
  );
});
