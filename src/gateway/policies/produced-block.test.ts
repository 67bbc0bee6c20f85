import fc from "fast-check";
import { ssz } from "@lodestar/types";
import { expect, test } from "vitest";
import { readProducedBlock } from "./produced-block.ts";

const slot = "8626176";
const parent = new Uint8Array(32).fill(0xab);
const state = new Uint8Array(32).fill(0xcd);
const recipient = `0x${"e1".repeat(20)}`;
const question = { slot, presetBase: "mainnet", isAlwaysBlinded: false };
const octets = { "content-type": "application/octet-stream" };

type Fields = Record<string, unknown>;
interface BlockType {
  defaultValue(): unknown;
  serialize(value: unknown): Uint8Array;
  toJson(value: unknown): unknown;
}

/** A default block of a fork with slot, proposer, roots and fee recipient set; `field` is where the recipient stands. */
function blockOf(type: BlockType, field: "executionPayload" | "executionPayloadHeader" | "bid"): Fields {
  const block = type.defaultValue() as Fields;
  Object.assign(block, { slot: Number(slot), proposerIndex: 42, parentRoot: parent, stateRoot: state });
  const body = block["body"] as Record<string, Fields>;
  const feeRecipient = new Uint8Array(20).fill(0xe1);
  if (field === "bid") Object.assign(body["signedExecutionPayloadBid"]?.["message"] ?? {}, { feeRecipient });
  else Object.assign(body[field] ?? {}, { feeRecipient });
  return block;
}

const expected = { parentRoot: `0x${"ab".repeat(32)}`, stateRoot: `0x${"cd".repeat(32)}`, proposerIndex: "42" };
const full = ["bellatrix", "capella", "deneb", "electra", "fulu"] as const;

test.each(full)("%s: a full block is read alike from SSZ and JSON", (fork) => {
  const type = ssz[fork].BeaconBlock as unknown as BlockType;
  const block = blockOf(type, "executionPayload");
  const headers = { ...octets, "eth-consensus-version": fork };
  const fromSsz = readProducedBlock(headers, Buffer.from(type.serialize(block)), question);
  expect(fromSsz).toMatchObject({ ok: true, block: { ...expected, feeRecipient: recipient, isBlinded: false } });
  const json = Buffer.from(JSON.stringify({ version: fork, data: type.toJson(block) }));
  expect(readProducedBlock({ "content-type": "application/json" }, json, question)).toEqual(fromSsz);
});

test.each(["deneb", "electra", "fulu"] as const)("%s: contents with blobs are read alike", (fork) => {
  const type = ssz[fork].BlockContents as unknown as BlockType;
  const block = blockOf(ssz[fork].BeaconBlock, "executionPayload");
  const contents = { ...(type.defaultValue() as Fields), block };
  const headers = { ...octets, "eth-consensus-version": fork };
  const fromSsz = readProducedBlock(headers, Buffer.from(type.serialize(contents)), question);
  expect(fromSsz).toMatchObject({ ok: true, block: { ...expected, feeRecipient: recipient } });
  const json = Buffer.from(JSON.stringify({ version: fork, data: type.toJson(contents) }));
  expect(readProducedBlock({}, json, question)).toEqual(fromSsz);
});

test.each(full)("%s: a builder's header says nothing of the fee recipient", (fork) => {
  const type = ssz[fork].BlindedBeaconBlock as unknown as BlockType;
  const block = blockOf(type, "executionPayloadHeader");
  const headers = { ...octets, "eth-consensus-version": fork, "eth-execution-payload-blinded": "true" };
  expect(readProducedBlock(headers, Buffer.from(type.serialize(block)), question)).toMatchObject({
    ok: true,
    block: { ...expected, isBlinded: true, feeRecipient: undefined },
  });
});

test("gloas: the bid names the fee recipient, and the header says whether the payload is in the answer", () => {
  const type = ssz.gloas.BeaconBlock as unknown as BlockType;
  const block = blockOf(type, "bid");
  const headers = { ...octets, "eth-consensus-version": "gloas", "eth-execution-payload-included": "false" };
  const fromSsz = readProducedBlock(headers, Buffer.from(type.serialize(block)), question);
  expect(fromSsz).toMatchObject({
    ok: true,
    block: { ...expected, feeRecipient: recipient, isPayloadIncluded: false },
  });
  const json = Buffer.from(
    JSON.stringify({ version: "gloas", execution_payload_included: false, data: type.toJson(block) }),
  );
  expect(readProducedBlock({}, json, question)).toEqual(fromSsz);

  const bare = Buffer.from(type.serialize(block));
  const offsets = Buffer.alloc(16);
  [16, 16 + bare.length, 16 + bare.length, 16 + bare.length].forEach((at, index) =>
    offsets.writeUInt32LE(at, 4 * index),
  );
  const contents = { ...headers, "eth-execution-payload-included": "true" };
  expect(readProducedBlock(contents, Buffer.concat([offsets, bare]), question)).toMatchObject({
    ok: true,
    block: { ...expected, feeRecipient: recipient, isPayloadIncluded: true },
  });
});

test("the minimal preset's shorter sync aggregate is known", () => {
  const type = ssz.electra.BeaconBlock as unknown as BlockType;
  const bytes = Buffer.from(type.serialize(blockOf(type, "executionPayload")));
  // 60 bytes of committee bits fewer; every offset in the body stands that much lower.
  const body = bytes.subarray(84);
  const short = Buffer.concat([body.subarray(0, 220), body.subarray(220 + 60)]);
  for (const at of [200, 204, 208, 212, 216, 320, 324, 328, 332]) short.writeUInt32LE(short.readUInt32LE(at) - 60, at);
  const minimal = Buffer.concat([bytes.subarray(0, 84), short]);
  const headers = { ...octets, "eth-consensus-version": "electra" };
  expect(readProducedBlock(headers, minimal, { ...question, presetBase: "minimal" })).toMatchObject({
    block: { feeRecipient: recipient },
  });
});

test("values come from the headers or from the JSON, and an empty one is unknown, not nothing", () => {
  const json = (more: Fields) => Buffer.from(JSON.stringify({ ...more, data: { slot } }));
  const headers = { "eth-execution-payload-value": "12", "eth-consensus-block-value": "30" };
  expect(readProducedBlock(headers, json({}), question)).toMatchObject({
    block: { payloadValue: 12n, consensusValue: 30n },
  });
  const inBody = { execution_payload_value: "7", consensus_block_value: "", execution_payload_blinded: true };
  expect(readProducedBlock({ "eth-execution-payload-value": "" }, json(inBody), question)).toMatchObject({
    block: { payloadValue: 7n, consensusValue: undefined, isBlinded: true },
  });
});

test("JSON with many blobs is read without being parsed, and a cut-off one is refused", () => {
  const type = ssz.fulu.BlockContents as unknown as BlockType;
  const block = blockOf(ssz.fulu.BeaconBlock, "executionPayload");
  const data = type.toJson({ ...(type.defaultValue() as Fields), block }) as Fields;
  const answer = {
    version: "fulu",
    execution_payload_value: "9",
    data: { ...data, blobs: [`0x${"ab".repeat(600_000)}`] },
  };
  const json = Buffer.from(JSON.stringify(answer));
  expect(readProducedBlock({}, json, question)).toMatchObject({
    ok: true,
    block: { ...expected, feeRecipient: recipient, payloadValue: 9n, isBlinded: false },
  });
  expect(readProducedBlock({}, json.subarray(0, -3), question).ok).toBe(false);
});

test("what is no block, or one of another slot, is refused; what is only unknown is not", () => {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  for (const body of [Buffer.from("{"), json(null), json({}), json({ data: { slot: "1" } })])
    expect(readProducedBlock({}, body, question).ok).toBe(false);
  expect(readProducedBlock(octets, Buffer.alloc(20), question).ok).toBe(false);
  expect(readProducedBlock(octets, Buffer.alloc(500), question)).toMatchObject({
    ok: true,
    block: { parentRoot: undefined },
  });
});

test("whatever comes, it never throws", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 700 }),
      fc.constantFrom("deneb", "gloas", "altair", undefined),
      (bytes, version) => {
        const at = Buffer.concat([Buffer.from(bytes)]);
        if (at.length > 84) {
          at.writeBigUInt64LE(BigInt(slot), 0);
          at.writeUInt32LE(84, 80);
        }
        readProducedBlock({ ...octets, "eth-consensus-version": version }, at, question);
      },
    ),
  );
});
