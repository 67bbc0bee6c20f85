import { fromHex, toHex } from "../hash.ts";
import { attestationData } from "../../beacon/ssz/basic-types.ts";
import type { NodeContext, Sight } from "./types.ts";

export interface AttestationDataJson {
  slot: string;
  index: string;
  beacon_block_root: string;
  source: { epoch: string; root: string };
  target: { epoch: string; root: string };
}

/** What an honest attester of the slot signs on this node's branch. */
export function attestationDataOf(
  slot: number,
  index: number,
  sight: Sight,
  { chain }: NodeContext,
): AttestationDataJson {
  const epoch = chain.epochOf(slot);
  const head = chain.ancestorAt(sight.head, slot);
  const source = (sight.view.frozenFinality ?? chain.stateAt(head, slot)).justified;
  return {
    slot: String(slot),
    index: String(index),
    beacon_block_root: head.root,
    source: { epoch: String(source.epoch), root: source.epoch === 0 ? `0x${"00".repeat(32)}` : source.root },
    target: { epoch: String(epoch), root: chain.ancestorAt(head, epoch * chain.slotsPerEpoch).root },
  };
}

/** `hash_tree_root` of the data, by which aggregates are asked for. */
export function attestationDataRoot(data: AttestationDataJson): string {
  return toHex(attestationData.hashTreeRoot(valueOf(data)));
}

export function attestationDataBytes(data: AttestationDataJson): Uint8Array {
  return attestationData.serialize(valueOf(data));
}

function valueOf(data: AttestationDataJson) {
  const checkpoint = ({ epoch, root }: { epoch: string; root: string }) => ({
    epoch: Number(epoch),
    root: fromHex(root),
  });
  return {
    slot: Number(data.slot),
    index: Number(data.index),
    beaconBlockRoot: fromHex(data.beacon_block_root),
    source: checkpoint(data.source),
    target: checkpoint(data.target),
  };
}
