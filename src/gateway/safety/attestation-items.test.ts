import fc from "fast-check";
import { ssz } from "@lodestar/types";
import { ForkName } from "@lodestar/params";
import { expect, test } from "vitest";
import { readAttestations } from "./attestation-items.ts";

const data = (slot: number, head: number) => ({
  slot,
  index: 0,
  beaconBlockRoot: new Uint8Array(32).fill(head),
  source: { epoch: 9, root: new Uint8Array(32).fill(1) },
  target: { epoch: 10, root: new Uint8Array(32).fill(2) },
});
const signature = new Uint8Array(96).fill(7);
const single = (attesterIndex: number, head = 3) => ({
  committeeIndex: 5,
  attesterIndex,
  data: data(320, head),
  signature,
});
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const octets = "application/octet-stream";

test("single attestations: JSON and SSZ name the same validators and the same votes", () => {
  const { SingleAttestation } = ssz.electra;
  const items = [single(11), single(12, 4)];
  const fromSsz = readAttestations(
    Buffer.concat(items.map((item) => SingleAttestation.serialize(item))),
    octets,
    ForkName.electra,
  );
  const fromJson = readAttestations(
    json(items.map((item) => SingleAttestation.toJson(item))),
    "application/json",
    undefined,
  );
  expect(fromSsz?.votes).toEqual(fromJson?.votes);
  expect(fromSsz?.votes[1]).toMatchObject({
    validatorIndex: 12,
    signers: [12],
    slot: 320,
    sourceEpoch: 9,
    targetEpoch: 10,
  });
});

test("attestations before Electra are known by slot, committee and position", () => {
  const bits = ssz.phase0.Attestation.fields.aggregationBits.fromJson("0x0409");
  const item = { aggregationBits: bits, data: { ...data(320, 3), index: 6 }, signature };
  const list = ssz.phase0.Attestation.serialize(item);
  const offset = Buffer.alloc(4);
  offset.writeUInt32LE(4);
  const fromSsz = readAttestations(Buffer.concat([offset, list]), octets, ForkName.deneb);
  const fromJson = readAttestations(json([ssz.phase0.Attestation.toJson(item)]), "application/json", ForkName.deneb);
  expect(fromSsz?.votes).toEqual(fromJson?.votes);
  expect(fromSsz?.votes[0]).toMatchObject({ validatorIndex: undefined, signers: ["320/6/2", "320/6/8"] });
});

test("what is dropped is gone and the rest is byte for byte what the client sent", () => {
  const { SingleAttestation, Attestation } = { ...ssz.phase0, ...ssz.electra, Attestation: ssz.phase0.Attestation };
  const singles = [1, 2, 3].map((index) => Buffer.from(SingleAttestation.serialize(single(index))));
  const kept = readAttestations(Buffer.concat(singles), octets, ForkName.fulu)?.without(new Set([1]));
  expect(kept).toEqual(Buffer.concat([singles[0] ?? octets, singles[2] ?? octets].map((part) => Buffer.from(part))));

  const lists = ["0x05", "0x0301", "0x09"].map((bits, index) => ({
    aggregationBits: Attestation.fields.aggregationBits.fromJson(bits),
    data: data(320 + index, 3),
    signature,
  }));
  const encode = (items: typeof lists) => {
    const parts = items.map((item) => Buffer.from(Attestation.serialize(item)));
    const offsets = Buffer.alloc(4 * parts.length);
    let at = offsets.length;
    parts.forEach((part, index) => {
      offsets.writeUInt32LE(at, 4 * index);
      at += part.length;
    });
    return Buffer.concat([offsets, ...parts]);
  };
  const short = readAttestations(encode(lists), octets, ForkName.deneb)?.without(new Set([0]));
  expect(short).toEqual(encode(lists.slice(1)));

  const fromJson = readAttestations(json([{ a: 1 }, { b: "2" }]), undefined, undefined);
  expect(fromJson?.votes).toEqual([undefined, undefined]);
  expect(fromJson?.without(new Set([0]))).toEqual(json([{ b: "2" }]));
});

test("whatever comes, it never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.constantFrom("deneb", "electra", undefined), (bytes, version) => {
      readAttestations(Buffer.from(bytes), octets, version);
      readAttestations(Buffer.from(bytes), "application/json", version);
    }),
  );
  fc.assert(fc.property(fc.jsonValue(), (value) => void readAttestations(json(value), "application/json", "electra")));
});

test("single attestations as clients write them are read as the same list in any other spelling is", () => {
  const { SingleAttestation } = ssz.electra;
  const item = fc
    .record({ attester: fc.nat(2_000_000), slot: fc.nat(20_000_000), head: fc.nat(255), isOdd: fc.boolean() })
    .map(({ attester, slot, head, isOdd }) => ({ ...single(attester, head), data: data(slot, head), isOdd }));
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), fc.nat(11), (items, place) => {
      const list = items.map((one) => SingleAttestation.toJson(one));
      const [usual, spaced] = [json(list), Buffer.from(JSON.stringify(list, null, 1))];
      const turned = json(list.map((one) => Object.fromEntries(Object.entries(one as object).reverse())));
      const all = [usual, spaced, turned].map((body) => readAttestations(body, "application/json", "electra"));
      expect(all[0]?.votes).toHaveLength(items.length);
      expect(all[1]?.votes).toEqual(all[0]?.votes);
      expect(all[2]?.votes).toEqual(all[0]?.votes);
      const dropped = new Set([place % items.length]);
      expect(JSON.parse(String(all[0]?.without(dropped)))).toEqual(JSON.parse(String(all[1]?.without(dropped))));
    }),
  );
});

test.each([
  ["a field too many", (text: string) => text.replace('{"committee', '{"a":"1","committee')],
  ["something behind the list", (text: string) => `${text}[]`],
  ["a list in the list", (text: string) => text.replace("},{", "}],[{")],
  ["a comma too many", (text: string) => text.replace(/\]$/, ",]")],
  ["an open end", (text: string) => text.slice(0, -1)],
  ["a short root", (text: string) => text.replace(/"0x03/, '"0x')],
])("%s is not taken for the usual form", (_what, change) => {
  const { SingleAttestation } = ssz.electra;
  const text = JSON.stringify([11, 12].map((index) => SingleAttestation.toJson(single(index))));
  const changed = Buffer.from(change(text));
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(changed));
  } catch {
    // No list at all.
  }
  const read = readAttestations(changed, "application/json", "electra");
  expect(read?.votes.length).toBe(Array.isArray(parsed) ? parsed.length : undefined);
});
