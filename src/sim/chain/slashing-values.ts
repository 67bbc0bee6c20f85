import { hashParts } from "../hash.ts";
import { makeSignature } from "./signature.ts";

/** Two headers of one slot by one proposer. */
export function proposerSlashing(seed: string, slot: number, proposerIndex: number): unknown {
  const header = (which: number) => ({
    message: {
      slot: Math.max(0, slot - 1),
      proposerIndex,
      parentRoot: hashParts(seed, "slashing parent", slot),
      stateRoot: hashParts(seed, "slashing state", slot, which),
      bodyRoot: hashParts(seed, "slashing body", slot, which),
    },
    signature: makeSignature(seed, "slashing", proposerIndex, which),
  });
  return { signedHeader1: header(1), signedHeader2: header(2) };
}

/** A double vote: two heads for one target epoch, signed by all of them. Indices rise. */
export function attesterSlashing(
  seed: string,
  slot: number,
  slotsPerEpoch: number,
  indices: readonly number[],
): unknown {
  const votedSlot = Math.max(0, slot - 1);
  const epoch = Math.floor(votedSlot / slotsPerEpoch);
  const vote = (which: number) => ({
    attestingIndices: [...indices],
    data: {
      slot: votedSlot,
      index: 0,
      beaconBlockRoot: hashParts(seed, "slashing head", slot, which),
      source: { epoch: Math.max(0, epoch - 1), root: hashParts(seed, "slashing source", slot) },
      target: { epoch, root: hashParts(seed, "slashing target", slot) },
    },
    signature: makeSignature(seed, "slashing votes", slot, which),
  });
  return { attestation1: vote(1), attestation2: vote(2) };
}
