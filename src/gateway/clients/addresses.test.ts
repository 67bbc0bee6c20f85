import fc from "fast-check";
import { expect, test } from "vitest";
import { compileBlocks, parseBlock, plainAddress } from "./addresses.ts";

test("the narrowest block that holds an address decides, in both families", () => {
  const owner = compileBlocks([
    ["10.0.0.0/8", "site"],
    ["10.1.2.0/24", "team"],
    ["10.1.2.3", "host"],
    ["2001:db8::/32", "six"],
    ["2001:db8:1::/48", "six-team"],
  ]);
  expect(["10.9.9.9", "10.1.2.9", "10.1.2.3", "11.0.0.1"].map(owner)).toEqual(["site", "team", "host", undefined]);
  expect(["2001:db8:2::1", "2001:db8:1::1", "2001:db9::1"].map(owner)).toEqual(["six", "six-team", undefined]);
});

test("a dual-stack listener's form of an IPv4 address is that address", () => {
  const owner = compileBlocks([["10.0.0.0/8", "site"]]);
  expect(owner(plainAddress("::ffff:10.0.0.1"))).toBe("site");
  expect(plainAddress("fe80::1%eth0")).toBe("fe80::1");
  expect(compileBlocks([["::ffff:10.0.0.0/104", "site"]])("10.200.0.1")).toBe("site");
});

test("everything is everything of its own family", () => {
  const owner = compileBlocks([
    ["0.0.0.0/0", "four"],
    ["::/0", "six"],
  ]);
  expect(["1.2.3.4", "::1", "", "nonsense"].map(owner)).toEqual(["four", "six", undefined, undefined]);
});

test.each([
  "10.0.0.0/33",
  "10.0.0/8",
  "2001:db8::/129",
  "host.example.org",
  "10.0.0.0/-1",
  "/8",
  "",
  "::ffff:1.2.3.4/90",
])("%s is no block", (text) => expect(parseBlock(text)).toBeUndefined());

test("an IPv4 address is in a block exactly if its first bits are the block's", () => {
  const address = fc.integer({ min: 0, max: 0xffff_ffff });
  const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), (block, other, prefix) => {
      const mask = prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
      const isInside = ((block ^ other) & mask) === 0;
      expect(compileBlocks([[`${dotted(block)}/${prefix}`, "it"]])(dotted(other))).toBe(isInside ? "it" : undefined);
    }),
  );
});
