import { BitArray } from "@chainsafe/ssz";
import { makeSignature } from "../chain/signature.ts";
import { forkNameAt } from "../chain/fork-schedule.ts";
import { voteInSlot } from "../chain/votes.ts";
import { attestationDataBytes, attestationDataOf, attestationDataRoot } from "../node/attestation-data.ts";
import { fail, ok, syncingReply } from "../node/reply.ts";
import type { Reply, RouteCall, SimRoute } from "../node/types.ts";
import { forkNames } from "../../chain/types.ts";
import { toHex } from "../hash.ts";

export const attestationRoutes: readonly SimRoute[] = [
  { method: "GET", path: "/eth/v1/validator/attestation_data", handle: produceAttestationData },
  { method: "GET", path: "/eth/v1/validator/aggregate_attestation", handle: getAggregate(false) },
  { method: "GET", path: "/eth/v2/validator/aggregate_attestation", handle: getAggregate(true) },
];

function produceAttestationData({ query, sight, node }: RouteCall): Reply {
  const slot = uintOf(query.get("slot"));
  const index = uintOf(query.get("committee_index") ?? "0");
  if (slot === undefined || index === undefined) return fail(400, "Invalid slot or committee_index");
  if (sight.isSyncing) return syncingReply;
  if (sight.view.isOptimistic) return fail(503, "Head block is optimistic, cannot attest");
  if (slot > sight.slot + 1) return fail(400, `Slot ${slot} is in the future, now is ${sight.slot}`);
  const data = attestationDataOf(slot, isElectraAt(slot, node) ? 0 : index, sight, node);
  return { ...ok(data), ssz: () => attestationDataBytes(data) };
}

/** An aggregate exists only where its attestations were heard: for this node's own branch, in part. */
function getAggregate(isV2: boolean): (call: RouteCall) => Reply {
  return ({ query, sight, node }) => {
    const slot = uintOf(query.get("slot"));
    const root = query.get("attestation_data_root")?.toLowerCase();
    const committee = uintOf(query.get("committee_index") ?? (isV2 ? null : "0"));
    if (slot === undefined || committee === undefined || !root) return fail(400, "Invalid aggregate query");
    if (sight.isSyncing) return syncingReply;
    if (slot > sight.slot) return fail(404, "No matching attestation found");
    const isElectra = isElectraAt(slot, node);
    const set = node.chain.committees(sight.head, node.chain.epochOf(slot));
    const candidates = isElectra || isV2 ? [committee] : Array.from({ length: set.committeesPerSlot }, (_, i) => i);
    const index = candidates.find(
      (one) => attestationDataRoot(attestationDataOf(slot, isElectra ? 0 : one, sight, node)) === root,
    );
    if (index === undefined || index >= set.committeesPerSlot) return fail(404, "No matching attestation found");
    const size = set.members(slot % node.chain.slotsPerEpoch, index).length;
    const heard = voteInSlot(node.chain.seed, `${node.name}/${index}`, slot, size, node.gossipShare);
    const fork = forkNameAt(node.chain.forks, node.chain.epochOf(slot));
    const type = node.blockTypes(fork).attestation;
    const data = attestationDataOf(slot, isElectra ? 0 : index, sight, node);
    const committeeBits = BitArray.fromSingleBit(node.preset.maxCommitteesPerSlot, index);
    const json = {
      aggregation_bits: toHex(bitlistBytes(heard.bits)),
      data,
      signature: toHex(makeSignature(node.name, "aggregate", slot, index)),
      ...(isElectra ? { committee_bits: toHex(committeeBits.uint8Array) } : {}),
    };
    return {
      ...ok(json, isV2 ? { version: fork } : {}),
      ssz: () => type.serialize(type.fromJson(json)),
      headers: isV2 ? { "eth-consensus-version": fork } : {},
    };
  };
}

/** A bit list with its end mark (SSZ). */
function bitlistBytes(bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.floor(bits.length / 8) + 1);
  for (const [position, bit] of [...bits, true].entries()) {
    if (bit) bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (1 << (position & 7));
  }
  return bytes;
}

function isElectraAt(slot: number, { chain }: RouteCall["node"]): boolean {
  return forkNames.indexOf(forkNameAt(chain.forks, chain.epochOf(slot))) >= forkNames.indexOf("electra");
}

export function uintOf(text: string | null | undefined): number | undefined {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
