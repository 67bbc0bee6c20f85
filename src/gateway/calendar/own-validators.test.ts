import fc from "fast-check";
import { expect, test } from "vitest";
import { eachIndex } from "./own-validators.ts";

test("the indices of a list are read as JSON would read them, as texts or as numbers", () => {
  const index = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(fc.array(index), fc.boolean(), fc.constantFrom(0, 2), (indices, isText, space) => {
      const body = Buffer.from(JSON.stringify(isText ? indices.map(String) : indices, undefined, space));
      const read: number[] = [];
      eachIndex(body, (each) => read.push(each));
      expect(read).toEqual(indices);
    }),
  );
});

test("a number beyond what can be told apart is left out", () => {
  const read: number[] = [];
  eachIndex(Buffer.from('["18446744073709551615","3"]'), (each) => read.push(each));
  expect(read).toEqual([3]);
});
