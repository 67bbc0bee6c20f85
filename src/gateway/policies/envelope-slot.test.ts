import { ssz } from "@lodestar/types";
import { expect, test } from "vitest";
import { envelopeSlot } from "./envelope-slot.ts";

const octets = "application/octet-stream";
const type = ssz.gloas.SignedExecutionPayloadEnvelope;
const signed = type.defaultValue();
signed.message.payload.slotNumber = 8_626_176;
signed.message.payload.extraData = new Uint8Array(7);

test("the slot is read from SSZ and JSON, alone and with blobs", () => {
  const alone = Buffer.from(type.serialize(signed));
  expect(envelopeSlot(alone, octets)).toBe("8626176");
  const offsets = Buffer.alloc(12);
  [12, 12 + alone.length, 12 + alone.length].forEach((at, index) => offsets.writeUInt32LE(at, 4 * index));
  expect(envelopeSlot(Buffer.concat([offsets, alone]), octets)).toBe("8626176");
  const json = type.toJson(signed);
  for (const body of [json, { signed_execution_payload_envelope: json, blobs: [] }, { message: { slot: "8626176" } }])
    expect(envelopeSlot(Buffer.from(JSON.stringify(body)), "application/json")).toBe("8626176");
});

test("what is no envelope has no slot", () => {
  for (const text of ["", "null", "{}", '{"message":null}', '{"message":{"slot":1}}'])
    expect(envelopeSlot(Buffer.from(text), "application/json")).toBeUndefined();
  for (const length of [0, 17, 300]) expect(envelopeSlot(Buffer.alloc(length), octets)).toBeUndefined();
});
