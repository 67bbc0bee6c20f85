import { expect, test } from "vitest";
import { attestationJson, attestationSsz, type VoteOptions } from "../testing/attestation-answers.ts";
import { readAttestationData } from "./attestation-data.ts";

const question = { slot: 32_000, epoch: 1_000, mustBeIndexZero: true };
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

function read(options: VoteOptions) {
  return readAttestationData(json(attestationJson(options)), "application/json", question);
}

test("JSON and SSZ say the same", () => {
  const fromJson = read({ head: "0a" });
  expect(fromJson).toMatchObject({
    ok: true,
    data: { slot: 32_000, source: { epoch: 999 }, target: { epoch: 1_000 } },
  });
  expect(readAttestationData(attestationSsz({ head: "0a" }), "application/octet-stream", question)).toEqual(fromJson);
});

test("what does not fit the question is no answer", () => {
  for (const [options, why] of [
    [{ slot: 31_999 }, "it is of slot 31999"],
    [{ target: [999, "dd"] }, "its target is epoch 999"],
    [{ source: [1_001, "bb"] }, "its source is after its target"],
    [{ index: 3 }, "its index is 3"],
  ] as const)
    expect(read(options)).toEqual({ ok: false, why });
  const beforeElectra = { ...question, mustBeIndexZero: false };
  expect(readAttestationData(json(attestationJson({ index: 3 })), "application/json", beforeElectra).ok).toBe(true);
});

test("what is cut off, of wrong types or optimistic is no answer", () => {
  const whole = json(attestationJson());
  const bodies: Buffer[] = [
    whole.subarray(0, whole.length - 2),
    json({}),
    json(null),
    json({ data: null }),
    json({ data: { ...attestationJson().data, slot: 32_000 } }),
    json({ data: { ...attestationJson().data, beacon_block_root: "0x12" } }),
    json({ ...attestationJson(), execution_optimistic: true }),
  ];
  for (const body of bodies) expect(readAttestationData(body, "application/json", question).ok).toBe(false);
  for (const length of [0, 127, 129])
    expect(readAttestationData(Buffer.alloc(length), "application/octet-stream", question).ok).toBe(false);
});
