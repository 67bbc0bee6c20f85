import { BitArray } from "@chainsafe/ssz";
import type { Checkpoint, ForkName } from "../../chain/types.ts";
import { fromHex, hashParts } from "../hash.ts";
import type { BlockTypes } from "../../beacon/ssz/block-types.ts";
import { committeeSizes } from "./committees.ts";
import type { BodyValue } from "./types.ts";
import type { SlotVotes } from "./votes.ts";

export interface AttestationFacts {
  slot: number;
  headRoot: string;
  source: Checkpoint;
  target: Checkpoint;
  votes: SlotVotes;
  active: number;
  committeesPerSlot: number;
}

export interface BodyFacts {
  seed: string;
  fork: ForkName;
  slot: number;
  slotsPerEpoch: number;
  timestamp: number;
  parentRoot: string;
  /** Text of at most 32 bytes. */
  graffiti: string;
  randaoReveal?: Uint8Array;
  /** 20 bytes. */
  feeRecipient: Uint8Array;
  syncBits: readonly boolean[];
  attestations: readonly AttestationFacts[];
}

/** The body of a block as a value of the fork's type: honest shape and content, made-up signatures. */
export function makeBody(types: BlockTypes, facts: BodyFacts): BodyValue {
  const body = types.body.defaultValue() as BodyValue;
  const { seed, slot, parentRoot } = facts;
  const isElectra = "executionRequests" in body;
  body["randaoReveal"] = facts.randaoReveal ?? makeSignature(seed, "randao", slot);
  body["graffiti"] = Uint8Array.from(Buffer.from(facts.graffiti.padEnd(32, "\0").slice(0, 32)));
  body["attestations"] = facts.attestations
    .flatMap((attestation) =>
      isElectra ? [aggregateOfSlot(seed, attestation)] : aggregatesOfCommittees(seed, attestation, facts.slotsPerEpoch),
    )
    .slice(0, isElectra ? 8 : 128);
  if ("syncAggregate" in body) {
    body["syncAggregate"] = {
      syncCommitteeBits: BitArray.fromBoolArray([...facts.syncBits]),
      syncCommitteeSignature: makeSignature(seed, "sync", slot),
    };
  }
  if ("executionPayload" in body) {
    body["executionPayload"] = {
      ...(body["executionPayload"] as object),
      parentHash: hashParts(seed, "el", parentRoot),
      blockHash: hashParts(seed, "el", parentRoot, slot),
      stateRoot: hashParts(seed, "el-state", parentRoot, slot),
      prevRandao: hashParts(seed, "prev-randao", parentRoot),
      feeRecipient: facts.feeRecipient,
      blockNumber: slot,
      gasLimit: 36_000_000,
      timestamp: facts.timestamp,
      baseFeePerGas: 7n,
    };
  }
  return body;
}

/** 96 bytes that look like a signature. */
export function makeSignature(...parts: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from([0, 1, 2].flatMap((part) => [...hashParts("signature", part, ...parts)]));
}

/** The data that all honest attesters of a slot sign; `index` is 0 from Electra on. */
function attestationDataValue(facts: Omit<AttestationFacts, "votes" | "active" | "committeesPerSlot">, index: number) {
  return {
    slot: facts.slot,
    index,
    beaconBlockRoot: fromHex(facts.headRoot),
    source: { epoch: facts.source.epoch, root: fromHex(facts.source.root) },
    target: { epoch: facts.target.epoch, root: fromHex(facts.target.root) },
  };
}

/** One on-chain aggregate over all committees of a slot (EIP-7549). */
function aggregateOfSlot(seed: string, facts: AttestationFacts): unknown {
  return {
    aggregationBits: BitArray.fromBoolArray([...facts.votes.bits]),
    data: attestationDataValue(facts, 0),
    signature: makeSignature(seed, "aggregate", facts.slot),
    committeeBits: BitArray.fromBoolArray(Array<boolean>(facts.committeesPerSlot).fill(true)),
  };
}

function aggregatesOfCommittees(seed: string, facts: AttestationFacts, slotsPerEpoch: number): unknown[] {
  const sizes = committeeSizes(facts.active, facts.committeesPerSlot, slotsPerEpoch, facts.slot % slotsPerEpoch);
  let start = 0;
  return sizes.map((size, index) => {
    const bits = facts.votes.bits.slice(start, start + size);
    start += size;
    return {
      aggregationBits: BitArray.fromBoolArray(bits),
      data: attestationDataValue(facts, index),
      signature: makeSignature(seed, "aggregate", facts.slot, index),
    };
  });
}
