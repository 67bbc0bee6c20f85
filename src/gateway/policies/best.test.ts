import { ssz } from "@lodestar/types";
import { expect, test } from "vitest";
import type { Answer, FanOutState } from "../send/fan-out.ts";
import { countBits, decideBest } from "./best.ts";

function answer(node: string, body: Buffer | string, status = 200, type = "application/json"): Answer {
  return {
    node,
    isReady: true,
    status,
    headers: { "content-type": type },
    body: Buffer.from(body),
    failure: undefined,
  };
}

const bits = (hex: string) => JSON.stringify({ data: { aggregation_bits: hex } });

function decide(answers: readonly Answer[], change: Partial<FanOutState> = {}) {
  const decision = decideBest({ answers, pending: [], isLate: false, isExpired: false, ...change });
  return decision.kind === "serve" ? `${decision.answer.node} ${decision.answer.status}` : decision.kind;
}

test("aggregates of every fork and contributions are counted alike in SSZ and JSON", () => {
  const octets = "application/octet-stream";
  const phase0 = ssz.phase0.Attestation.defaultValue();
  phase0.aggregationBits = ssz.phase0.Attestation.fields.aggregationBits.fromJson("0xff01");
  const electra = ssz.electra.Attestation.defaultValue();
  electra.aggregationBits = ssz.electra.Attestation.fields.aggregationBits.fromJson("0x07ff01");
  const contribution = ssz.altair.SyncCommitteeContribution.defaultValue();
  contribution.aggregationBits.set(3, true);
  contribution.aggregationBits.set(90, true);
  const counts = [
    [ssz.phase0.Attestation.serialize(phase0), ssz.phase0.Attestation.toJson(phase0)],
    [ssz.electra.Attestation.serialize(electra), ssz.electra.Attestation.toJson(electra)],
    [
      ssz.altair.SyncCommitteeContribution.serialize(contribution),
      ssz.altair.SyncCommitteeContribution.toJson(contribution),
    ],
  ].map(([bytes, data]) => [
    countBits(answer("a", Buffer.from(bytes as Uint8Array), 200, octets)),
    countBits(answer("a", JSON.stringify({ data }))),
  ]);
  expect(counts).toEqual([
    [9, 9],
    [12, 12],
    [2, 2],
  ]);
  // The minimal preset has one byte of committee bits instead of eight.
  const bytes = Buffer.from(ssz.electra.Attestation.serialize(electra));
  const minimal = Buffer.concat([bytes.subarray(0, 229), bytes.subarray(236)]);
  minimal.writeUInt32LE(229, 0);
  expect(countBits(answer("a", minimal, 200, octets))).toBe(12);
});

test("trap 10: a 404 of one node does not hide what another has, and counts when nobody has any", () => {
  const none = answer("a", "{}", 404);
  const pending = [{ node: "b", isReady: true }];
  expect(decide([none], { pending, isLate: true })).toBe("wait");
  expect(decide([none, answer("b", bits("0x0f"))])).toBe("b 200");
  expect(decide([none, answer("b", "{}", 404)])).toBe("a 404");
  expect(decide([answer("b", "{}", 500), none])).toBe("a 404");
});

test("the fullest that is there at the soft deadline is served, and a node that was suspected is not waited for", () => {
  const answers = [answer("a", bits("0x03")), answer("b", bits("0x0f"))];
  expect(decide(answers, { pending: [{ node: "c", isReady: true }] })).toBe("wait");
  expect(decide(answers, { pending: [{ node: "c", isReady: true }], isLate: true })).toBe("b 200");
  expect(decide(answers, { pending: [{ node: "c", isReady: false }] })).toBe("b 200");
});

test("garbage and optimistic aggregates are none", () => {
  const optimistic = JSON.stringify({ execution_optimistic: true, data: { aggregation_bits: "0xff" } });
  expect(decide([answer("a", '{"data":{"aggr'), answer("b", optimistic), answer("c", bits("0x01"))])).toBe("c 200");
});
