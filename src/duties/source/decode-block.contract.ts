import fc from "fast-check";
import { BitArray } from "@chainsafe/ssz";
import { ssz } from "@lodestar/types";
import { describe, expect, test } from "vitest";
import type { BlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { forkNames, type ForkName } from "../../chain/types.ts";
import type { BlockFacts } from "../types.ts";
import { decodeBlockJson } from "./decode-block-json.ts";
import { decodeBlockSsz, slotOfSignedBlock } from "./decode-block-ssz.ts";

/** 7 gwei to 0xabab…: kind 2, chain 1, nonce 0, no fees, gas 21,000. */
const payment = new Uint8Array(Buffer.from(`02e70180808082520894${"ab".repeat(20)}8501a13b860080c0800101`, "hex"));

const root = `0x${"11".repeat(32)}`;
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;

interface LibraryType {
  defaultValue(): Record<string, unknown>;
  serialize(value: unknown): Uint8Array;
  toJson(value: unknown): unknown;
}
type Body = Record<string, unknown>;

/** Different bytes in each place, from one number: drawing each apart is slow. */
const bytesOf = (length: number) =>
  fc.nat(255).map((seed) => Uint8Array.from({ length }, (_, i) => (seed * (i + 1) + i * 7) & 255));
const uint = fc.maxSafeNat();
const checkpoint = fc.record({ epoch: uint, root: bytesOf(32) });
const data = fc.record({
  slot: uint,
  index: uint,
  beaconBlockRoot: bytesOf(32),
  source: checkpoint,
  target: checkpoint,
});
const header = fc.record({
  slot: uint,
  proposerIndex: uint,
  parentRoot: bytesOf(32),
  stateRoot: bytesOf(32),
  bodyRoot: bytesOf(32),
});
const signedHeader = fc.record({ message: header, signature: bytesOf(96) });
const few = <T>(each: fc.Arbitrary<T>, maxLength: number) => fc.array(each, { maxLength });
const bits = (max: number) => fc.array(fc.boolean(), { maxLength: max });

/** Everything of a block that `BlockFacts` tells, with values of any size; and what must be read of it. */
function arbitraryBlock(fork: ForkName, sizes: BlockSizes) {
  const since = (name: ForkName) => forkNames.indexOf(fork) >= forkNames.indexOf(name);
  const indexed = fc.record({ indices: few(fc.nat(200), 20), data, signature: bytesOf(96) });
  return fc
    .record({
      header,
      graffiti: fc.oneof(bytesOf(32), fc.constantFrom("Lighthouse/v8", "déjà vu", "").map(padded)),
      attestations: few(
        fc.record({
          data,
          bits: bits(since("electra") ? 700 : 300),
          committees: fc.uniqueArray(fc.nat(sizes.maxCommitteesPerSlot - 1), { minLength: 1 }),
          signature: bytesOf(96),
        }),
        since("electra") ? 8 : 20,
      ),
      proposerSlashings: few(fc.record({ one: signedHeader, two: signedHeader }), 3),
      attesterSlashings: few(fc.record({ one: indexed, two: indexed }), since("electra") ? 1 : 2),
      exits: few(fc.record({ epoch: uint, validatorIndex: uint, signature: bytesOf(96) }), 16),
      syncBits: bytesOf(sizes.syncCommitteeSize / 8),
      feeRecipient: bytesOf(20),
      hashes: fc.tuple(bytesOf(32), bytesOf(32)),
      numbers: fc.tuple(uint, uint),
      // The last one is a payment, often: of 0x0000…07 wei to 0xabab…
      transactions: few(fc.oneof(fc.uint8Array({ maxLength: 50 }), fc.constant(payment)), 6),
      extraData: fc.oneof(fc.uint8Array({ maxLength: 32 }), fc.constant(Buffer.from("geth go1.26"))),
      withdrawals: few(
        fc.record({ index: uint, validatorIndex: uint, address: bytesOf(20), amount: fc.bigInt({ min: 0n, max: 9n }) }),
        sizes.maxWithdrawalsPerPayload,
      ),
      builderIndex: fc.option(uint, { nil: Infinity }),
    })
    .map((facts) => ({ signed: build(fork, sizes, facts), expected: expectedOf(fork, facts) }));

  type Facts = ExpectedFrom;

  function build(name: ForkName, own: BlockSizes, facts: Facts): unknown {
    const signed = (ssz[name as "fulu"].SignedBeaconBlock as unknown as LibraryType).defaultValue();
    const message = signed["message"] as Record<string, unknown>;
    const body = message["body"] as Body;
    Object.assign(message, { ...facts.header, body });
    delete message["bodyRoot"];
    Object.assign(body, {
      graffiti: facts.graffiti,
      proposerSlashings: facts.proposerSlashings.map(({ one, two }) => ({
        signedHeader1: bigHeader(one),
        signedHeader2: bigHeader(two),
      })),
      attesterSlashings: facts.attesterSlashings.map(({ one, two }) => ({
        attestation1: { ...big(one), attestingIndices: one.indices },
        attestation2: { ...big(two), attestingIndices: two.indices },
      })),
      attestations: facts.attestations.map((item) => ({
        data: item.data,
        signature: item.signature,
        aggregationBits: BitArray.fromBoolArray(item.bits),
        committeeBits: BitArray.fromBoolArray(
          Array.from({ length: own.maxCommitteesPerSlot }, (_, i) => item.committees.includes(i)),
        ),
      })),
      voluntaryExits: facts.exits.map(({ signature, ...exit }) => ({ message: exit, signature })),
    });
    if (since("altair"))
      Object.assign(body["syncAggregate"] as Body, {
        syncCommitteeBits: new BitArray(facts.syncBits, own.syncCommitteeSize),
      });
    if (since("bellatrix") && !since("gloas"))
      Object.assign(body["executionPayload"] as Body, {
        feeRecipient: facts.feeRecipient,
        blockHash: facts.hashes[0],
        blockNumber: facts.numbers[0],
        gasUsed: facts.numbers[1],
        transactions: facts.transactions,
        extraData: facts.extraData,
        ...(since("capella") && { withdrawals: facts.withdrawals }),
      });
    if (since("gloas"))
      Object.assign((body["signedExecutionPayloadBid"] as { message: Body }).message, {
        parentBlockHash: facts.hashes[1],
        blockHash: facts.hashes[0],
        feeRecipient: facts.feeRecipient,
        builderIndex: facts.builderIndex,
        value: facts.numbers[0],
      });
    return signed;
  }
}

interface ExpectedFrom {
  header: { slot: number; proposerIndex: number; parentRoot: Uint8Array; stateRoot: Uint8Array };
  graffiti: Uint8Array;
  attestations: { data: DataValue; bits: boolean[]; committees: number[]; signature: Uint8Array }[];
  proposerSlashings: { one: HeaderValue; two: HeaderValue }[];
  attesterSlashings: { one: IndexedValue; two: IndexedValue }[];
  exits: { epoch: number; validatorIndex: number; signature: Uint8Array }[];
  syncBits: Uint8Array;
  feeRecipient: Uint8Array;
  hashes: [Uint8Array, Uint8Array];
  numbers: [number, number];
  transactions: Uint8Array[];
  extraData: Uint8Array;
  withdrawals: unknown[];
  builderIndex: number;
}
interface DataValue {
  slot: number;
  index: number;
  beaconBlockRoot: Uint8Array;
  source: { epoch: number; root: Uint8Array };
  target: { epoch: number; root: Uint8Array };
}
interface HeaderValue {
  message: { slot: number; proposerIndex: number };
  signature: Uint8Array;
}
interface IndexedValue {
  indices: number[];
  data: DataValue;
  signature: Uint8Array;
}

/** The library keeps the data of slashings as bigints. */
function big({ data: value, signature }: IndexedValue) {
  const checkpointOf = ({ epoch, root: at }: DataValue["source"]) => ({ epoch: BigInt(epoch), root: at });
  return {
    signature,
    data: {
      ...value,
      slot: BigInt(value.slot),
      index: BigInt(value.index),
      source: checkpointOf(value.source),
      target: checkpointOf(value.target),
    },
  };
}

function bigHeader({ message, signature }: HeaderValue) {
  return { message: { ...message, slot: BigInt(message.slot) }, signature };
}

function padded(text: string): Uint8Array {
  const bytes = new Uint8Array(32);
  bytes.set(Buffer.from(text));
  return bytes;
}

/** What the facts must say, from the values themselves; texts apart, which both decoders make with one function. */
function expectedOf(fork: ForkName, facts: ExpectedFrom): Omit<BlockFacts, "graffiti"> {
  const since = (name: ForkName) => forkNames.indexOf(fork) >= forkNames.indexOf(name);
  return {
    root,
    slot: facts.header.slot,
    proposerIndex: facts.header.proposerIndex,
    parentRoot: hex(facts.header.parentRoot),
    stateRoot: hex(facts.header.stateRoot),
    fork,
    attestations: facts.attestations.map((item) => ({
      slot: item.data.slot,
      dataIndex: item.data.index,
      committees: since("electra") ? [...item.committees].sort((a, b) => a - b) : [item.data.index],
      bits: packed(item.bits),
      bitLength: item.bits.length,
      headRoot: hex(item.data.beaconBlockRoot),
      source: { epoch: item.data.source.epoch, root: hex(item.data.source.root) },
      target: { epoch: item.data.target.epoch, root: hex(item.data.target.root) },
    })),
    syncBits: since("altair") ? facts.syncBits : undefined,
    proposerSlashed: facts.proposerSlashings.map(({ one }) => one.message.proposerIndex),
    attesterSlashed: facts.attesterSlashings.flatMap(({ one, two }) =>
      [...new Set(one.indices)].filter((index) => two.indices.includes(index)).sort((a, b) => a - b),
    ),
    exits: facts.exits.map((exit) => exit.validatorIndex),
    payload:
      since("bellatrix") && !since("gloas")
        ? {
            feeRecipient: hex(facts.feeRecipient),
            blockHash: hex(facts.hashes[0]),
            blockNumber: facts.numbers[0],
            gasUsed: facts.numbers[1],
            transactions: facts.transactions.length,
            extraData: expect.any(String) as string,
            ...(facts.transactions.at(-1) === payment && { lastTransfer: { to: `0x${"ab".repeat(20)}`, value: 7 } }),
          }
        : undefined,
    ...(since("gloas") && {
      bid: {
        parentBlockHash: hex(facts.hashes[1]),
        blockHash: hex(facts.hashes[0]),
        feeRecipient: hex(facts.feeRecipient),
        builderIndex: facts.builderIndex === Infinity ? undefined : facts.builderIndex,
        value: facts.numbers[0],
      },
    }),
  };
}

function packed(values: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (value) bytes[i >>> 3]! |= 1 << (i & 7);
  });
  return bytes;
}

/** Holds both decoders against blocks that an independent implementation of the specification wrote, for one preset. */
export function describeDecodedBlocks(preset: string, sizes: BlockSizes): void {
  describe(`blocks of ${preset}`, () => {
    test.each(forkNames)("a %s block is read alike from SSZ and from JSON, and as it was written", (fork) => {
      const type = ssz[fork as "fulu"].SignedBeaconBlock as unknown as LibraryType;
      fc.assert(
        fc.property(arbitraryBlock(fork, sizes), ({ signed, expected }) => {
          const bytes = Buffer.from(type.serialize(signed));
          const fromSsz = decodeBlockSsz(bytes, fork, sizes, root);
          const fromJson = decodeBlockJson(JSON.parse(JSON.stringify(type.toJson(signed))), fork, sizes, root);
          expect(fromSsz).toEqual(fromJson);
          expect(fromSsz).toEqual({ ...expected, graffiti: fromSsz.graffiti });
          expect(slotOfSignedBlock(bytes)).toBe(expected.slot);
        }),
        { numRuns: 60 },
      );
    });

    test.each(forkNames)(
      "a %s block that was cut short, or changed anywhere, is refused or read, never a crash",
      (fork) => {
        const type = ssz[fork as "fulu"].SignedBeaconBlock as unknown as LibraryType;
        fc.assert(
          fc.property(arbitraryBlock(fork, sizes), fc.nat(), fc.nat(), fc.nat(255), ({ signed }, cut, at, value) => {
            const whole = Buffer.from(type.serialize(signed));
            expect(() => decodeBlockSsz(whole.subarray(0, cut % 200), fork, sizes, root)).toThrow(/SSZ/);
            whole[at % whole.length] = value;
            try {
              expect(decodeBlockSsz(whole, fork, sizes, root).root).toBe(root);
            } catch (error) {
              expect(error).toMatchObject({ name: "AppError", code: "answer-malformed" });
            }
          }),
          { numRuns: 60 },
        );
      },
    );

    test("a block of one fork is refused as one of another, unless both look alike", () => {
      for (const [i, fork] of forkNames.entries()) {
        const type = ssz[fork as "fulu"].SignedBeaconBlock as unknown as LibraryType;
        const bytes = Buffer.from(type.serialize(type.defaultValue()));
        const other = forkNames[i + 1] ?? "phase0";
        if (fork === "electra") expect(decodeBlockSsz(bytes, other, sizes, root)).toMatchObject({ fork: other });
        else expect(() => decodeBlockSsz(bytes, other, sizes, root), `${fork} as ${other}`).toThrow(/SSZ/);
      }
    });
  });
}
