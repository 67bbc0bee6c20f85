import fc from "fast-check";
import { expect, test } from "vitest";
import { orderCommittees, orientationOf, scanCommittees } from "./scan-committees.ts";

interface Committee {
  index: number;
  slot: number;
  validators: number[];
}

/** `perSlot` committees for each slot of an epoch, with three members each. */
function committeesOf(epoch: number, slotsPerEpoch: number, perSlot: number): Committee[] {
  return Array.from({ length: slotsPerEpoch * perSlot }, (_, i) => ({
    index: i % perSlot,
    slot: epoch * slotsPerEpoch + Math.floor(i / perSlot),
    validators: [i * 3 + 2, i * 3, i * 3 + 1],
  }));
}

const swapped = (committees: readonly Committee[]) =>
  committees.map((one) => ({ ...one, index: one.slot, slot: one.index }));
const asStrings = (committees: readonly Committee[]) =>
  committees.map((one) => ({
    index: String(one.index),
    slot: String(one.slot),
    validators: one.validators.map(String),
  }));

function read(body: unknown, epoch: number, slotsPerEpoch: number) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const scanned = scanCommittees(Buffer.from(text));
  if (!scanned.ok) throw new Error(scanned.problem);
  const orientation = orientationOf(scanned.value, epoch, slotsPerEpoch);
  if (orientation === undefined || orientation === "ambiguous") return orientation;
  return orderCommittees(scanned.value, orientation, epoch, slotsPerEpoch);
}

test("committees come out by slot, then index, whatever the order, the spelling of numbers and the white space", () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.constantFrom(8, 16, 32),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      fc.boolean(),
      fc.nat(),
      (epoch, slotsPerEpoch, perSlot, areStrings, isPretty, turn) => {
        const committees = committeesOf(epoch, slotsPerEpoch, perSlot);
        const expected = committees.flatMap((one) => one.validators);
        const place = turn % committees.length;
        const turned = [...committees.slice(place), ...committees.slice(0, place)];
        const data = areStrings ? asStrings(turned) : turned.map(({ validators, ...one }) => ({ validators, ...one }));
        const body = { finalized: true, extra: { a: ['}]"', null, -1.5e3] }, data, execution_optimistic: null };
        const result = read(JSON.stringify(body, undefined, isPretty ? "\t" : undefined), epoch, slotsPerEpoch);
        expect(result).toMatchObject({ epoch, committeesPerSlot: perSlot });
        if (typeof result !== "object") return;
        expect([...result.members]).toEqual(expected);
        expect([...result.offsets]).toEqual(Array.from({ length: committees.length + 1 }, (_, i) => i * 3));
      },
    ),
    { numRuns: 50 },
  );
});

test("an answer with index and slot swapped (Lodestar 1.5.1) reads as the right one, in epoch 0 and with one committee a slot too", () => {
  for (const [epoch, slotsPerEpoch, perSlot] of [
    [7, 8, 3],
    [0, 8, 3],
    [0, 8, 1],
    [5, 32, 1],
    [0, 32, 64],
  ] as const) {
    const committees = committeesOf(epoch, slotsPerEpoch, perSlot);
    const plain = read({ data: asStrings(committees) }, epoch, slotsPerEpoch);
    expect(plain).toMatchObject({ committeesPerSlot: perSlot });
    expect(read({ data: asStrings(swapped(committees)) }, epoch, slotsPerEpoch)).toEqual(plain);
    const inEpoch = committees.map((one) => ({ ...one, slot: one.slot % slotsPerEpoch }));
    expect(read({ data: asStrings(swapped(inEpoch)) }, epoch, slotsPerEpoch)).toEqual(plain);
  }
});

test("in epoch 0 with as many committees as slots nothing tells which way round an answer is", () => {
  expect(read({ data: committeesOf(0, 8, 8) }, 0, 8)).toBe("ambiguous");
  expect(read({ data: committeesOf(1, 8, 8) }, 1, 8)).toMatchObject({ committeesPerSlot: 8 });
});

test("an empty committee is one: few validators on many slots", () => {
  const committees = committeesOf(3, 8, 1).map((one, i) => ({ ...one, validators: i < 2 ? [i] : [] }));
  expect(read({ data: committees }, 3, 8)).toMatchObject({ members: Uint32Array.of(0, 1) });
});

test("gaps, doubles and other epochs are refused", () => {
  const whole = committeesOf(3, 8, 2);
  expect(read({ data: whole.slice(1) }, 3, 8)).toBeUndefined();
  expect(read({ data: whole.filter(({ slot }) => slot !== 25) }, 3, 8)).toBeUndefined();
  expect(read({ data: [...whole.slice(1), whole[1]] }, 3, 8)).toBeUndefined();
  expect(read({ data: whole }, 4, 8)).toBeUndefined();
  expect(read({ data: [] }, 3, 8)).toBeUndefined();
  const twice = whole.map((one, i) => (i === 5 ? { ...one, validators: [0] } : one));
  expect(() => read({ data: twice }, 3, 8)).toThrow("validator 0 sits in two committees of one epoch");
});

test("an index that no chain can have costs no memory to refuse", () => {
  const body = { data: [{ index: "0", slot: "24", validators: ["4294967295"] }] };
  expect(() => read(body, 24, 1)).toThrow("validator 4294967295 cannot be");
});

test("what is no such answer is refused with its place", () => {
  const one = '{"index":"0","slot":"24","validators":["1"]}';
  for (const [body, message] of [
    ["", /byte 0: expected an object/],
    ["<html>", /byte 0: expected an object/],
    ["{}", /no field data/],
    ['{"data":null}', /expected an array/],
    ['{"data":[{"slot":"24","validators":["1"]}]}', /without index, slot or validators/],
    [`{"data":[${one.replace('"1"', '"-1"')}]}`, /unsigned integer/],
    [`{"data":[${one.replace('"1"', '"1.5"')}]}`, /end of a number/],
    [`{"data":[${one.replace('"1"', '"4294967296"')}]}`, /below 2\^32/],
    [`{"data":[${one.replace('"1"', '""')}]}`, /unsigned integer/],
    [`{"data":[${one.replace('"1"', "null")}]}`, /unsigned integer/],
    [`{"data":[${one.replace('"0"', '"-0x1"')}]}`, /end of a number/],
    [`{"data":[${one}`, /comma or the end/],
    [`{"data":[${one}]} x`, /expected the end/],
    [`{"data":[${one}],"data":[]}`, /only one field data/],
    [`{"data":[${one.replace("}", ',"validators":["1"]}')}]}`, /twice/],
  ] as const) {
    expect(() => read(body, 3, 8), body).toThrow(message);
  }
});

test("an answer that was cut or changed anywhere is read or refused, never a crash", () => {
  const bytes = Buffer.from(JSON.stringify({ data: asStrings(committeesOf(3, 8, 2)), finalized: false }));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(bytes.length - 1), fc.nat(255), (cut, at, value) => {
      expect(() => scanCommittees(bytes.subarray(0, cut))).toThrow(/byte \d+: expected/);
      const changed = Buffer.from(bytes);
      changed[at] = value;
      try {
        scanCommittees(changed);
      } catch (error) {
        expect(error).toMatchObject({ name: "AppError" });
      }
    }),
    { numRuns: 300 },
  );
});
