import fc from "fast-check";
import { expect, test } from "vitest";
import { createFairShare, type PlaceHolder } from "./fair-share.ts";

const holder = (): PlaceHolder => ({ held: [] });
const fill = (share: ReturnType<typeof createFairShare>, who: PlaceHolder, times: number) =>
  Array.from({ length: times }, () => share.enter(who)).filter(Boolean).length;

test("a lone client may take every place, and no more", () => {
  const share = createFairShare(
    0,
    () => 10,
    () => Infinity,
  );
  expect(fill(share, holder(), 20)).toBe(10);
});

test("a client that comes to a full house gets its equal part at once; the flood gets nothing until it is down to its own", () => {
  const share = createFairShare(
    0,
    () => 10,
    () => Infinity,
  );
  const [flood, late] = [holder(), holder()];
  fill(share, flood, 10);
  expect(fill(share, late, 20)).toBe(5);
  for (let i = 0; i < 5; i++) share.leave(flood);
  expect([share.enter(flood), share.enter(late)]).toEqual([false, false]);
  share.leave(flood);
  expect([share.enter(flood), share.taken]).toEqual([true, 10]);
});

test("one client has a bound of its own", () => {
  const share = createFairShare(
    0,
    () => 10,
    () => 4,
  );
  expect(fill(share, holder(), 20)).toBe(4);
});

test("whatever comes and goes: whoever holds nothing gets a place, the bound holds, and all leaving leaves none taken", () => {
  const step = fc.record({ who: fc.nat({ max: 4 }), isEntering: fc.boolean() });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 200 }), (places, steps) => {
      const share = createFairShare(
        0,
        () => places,
        () => Infinity,
      );
      const all = Array.from({ length: 5 }, holder);
      const held = all.map(() => 0);
      for (const { who, isEntering } of steps) {
        const one = all[who] as PlaceHolder;
        const own = held[who] as number;
        if (isEntering) {
          const isIn = share.enter(one);
          if (own === 0) expect(isIn).toBe(true);
          if (isIn) held[who] = own + 1;
        } else if (own > 0) {
          share.leave(one);
          held[who] = own - 1;
        }
        expect(share.taken).toBe(held.reduce((sum, count) => sum + count, 0));
        expect(share.taken).toBeLessThanOrEqual(2 * places + all.length);
      }
      all.forEach((one, who) => {
        for (let i = 0; i < (held[who] as number); i++) share.leave(one);
      });
      expect(share.taken).toBe(0);
    }),
  );
});
