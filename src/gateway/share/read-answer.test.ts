import fc from "fast-check";
import { expect, test } from "vitest";
import { isBalancedJson, readAnswer } from "./read-answer.ts";

const json = { "content-type": "application/json" };
const read = (value: unknown, headers: Record<string, string> = json) =>
  readAnswer("getAttesterDuties", headers, Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));
const root = `0x${"Ab".repeat(32)}`;

test("reads what decides about sharing, small or large", () => {
  const facts = { dependent_root: root, execution_optimistic: true, finalized: true };
  for (const filler of ["", "x".repeat(200_000)])
    expect(read({ ...facts, data: [filler] })).toMatchObject({
      isWhole: true,
      isOptimistic: true,
      isFinalized: true,
      dependentRoot: root.toLowerCase(),
    });
  expect(read({ data: { source: { epoch: "77" } } }).sourceEpoch).toBe(77);
});

test("a body that is cut anywhere is not whole, even where no length was given", () => {
  for (const filler of ["", "x".repeat(150_000)]) {
    const whole = JSON.stringify({ data: [filler, { a: 'q"}]\\' }], finalized: false });
    expect(read(whole).isWhole).toBe(true);
    for (const length of [0, 1, 10, whole.length - 1]) expect(read(whole.slice(0, length)).isWhole).toBe(false);
  }
  expect(read({}, { ...json, "content-length": "3" }).isWhole).toBe(false);
});

test("SSZ is judged by its length: attestation data has 128 bytes", () => {
  const ssz = { "content-type": "application/octet-stream" };
  const data = Buffer.alloc(128);
  data.writeBigUInt64LE(42n, 48);
  expect(readAnswer("produceAttestationData", ssz, data)).toMatchObject({ isWhole: true, sourceEpoch: 42 });
  expect(readAnswer("produceAttestationData", ssz, data.subarray(1)).isWhole).toBe(false);
  expect(readAnswer("getStateValidators", ssz, Buffer.alloc(0)).isWhole).toBe(false);
});

test("following brackets finds every cut that parsing finds", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, cut) => {
      const text = Buffer.from(JSON.stringify(value));
      expect(isBalancedJson(text)).toBe(true);
      expect(isBalancedJson(text.subarray(0, cut % text.length))).toBe(false);
    }),
  );
});
