import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventCutter } from "./event-cutter.ts";

const blocks = ["event: head\ndata: {}\n\n", ": comment\n\n", "event: a\r\ndata: é\r\n\r\n", "data: x\n\n"];

test("whatever the chunks are, a hook that keeps every block changes no byte", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...blocks)),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (list, sizes) => {
        const bytes = Buffer.from(list.join(""));
        const cutter = createEventCutter();
        const out: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          if (at >= bytes.length) break;
          out.push(cutter.push(bytes.subarray(at, at + size), at % 2 === 0 ? (block) => block : undefined));
          at += size;
        }
        out.push(cutter.push(Buffer.alloc(0), undefined));
        expect(Buffer.concat(out).equals(bytes)).toBe(true);
      },
    ),
  );
});

test("a hook that begins in the middle of a block lets that block finish and drops the next", () => {
  const cutter = createEventCutter();
  const drop = () => undefined;
  const out = [
    cutter.push(Buffer.from("event: head\nda"), undefined),
    cutter.push(Buffer.from("ta: 1\n\nevent: head\n"), drop),
    cutter.push(Buffer.from("data: 2\n\n"), drop),
  ];
  expect(Buffer.concat(out).toString()).toBe("event: head\ndata: 1\n\n");
});
