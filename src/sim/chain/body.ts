import { BitArray } from "@chainsafe/ssz";
import type { ForkName } from "../../chain/types.ts";
import { fromHex, hashParts } from "../hash.ts";
import type { BlockTypes } from "../../beacon/ssz/block-types.ts";
import { hasAnyBit, hasBit, sliceBits } from "./bits.ts";
import type { Packing } from "./duty-script.ts";
import { fillerTransactions } from "./filler-transactions.ts";
import { forkRules } from "./fork-rules.ts";
import { unitBits, type AttestationUnit } from "./packing.ts";
import { attesterSlashing, proposerSlashing } from "./slashing-values.ts";
import { makeSignature } from "./signature.ts";
import type { BodyValue } from "./types.ts";
import type { ValidatorOperations } from "./validators.ts";
import type { VoteGroup } from "./voting.ts";
import type { Withdrawal } from "./withdrawals.ts";

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
  attestations: AttestationFacts;
  withdrawals: readonly Withdrawal[];
  operations: ValidatorOperations;
  /** Bytes of transactions in the payload. */
  payloadBytes: number;
}

export interface AttestationFacts {
  units: readonly AttestationUnit[];
  packing: Packing;
  maxCommitteesPerSlot: number;
}

/** The body of a block as a value of the fork's type: honest shape and content, made-up signatures. */
export function makeBody(types: BlockTypes, facts: BodyFacts): BodyValue {
  const body = types.body.defaultValue() as BodyValue;
  const { seed, slot, parentRoot, operations } = facts;
  body["randaoReveal"] = facts.randaoReveal ?? makeSignature(seed, "randao", slot);
  body["graffiti"] = Uint8Array.from(Buffer.from(facts.graffiti.padEnd(32, "\0").slice(0, 32)));
  body["attestations"] = facts.attestations.units.map((unit) => attestationValue(seed, unit, facts));
  body["voluntaryExits"] = operations.exits.map((validatorIndex) => ({
    message: { epoch: Math.floor(slot / facts.slotsPerEpoch), validatorIndex },
    signature: makeSignature(seed, "exit", validatorIndex),
  }));
  body["proposerSlashings"] = operations.proposerSlashed.map((index) => proposerSlashing(seed, slot, index));
  const { attesterSlashed } = operations;
  body["attesterSlashings"] =
    attesterSlashed.length > 0 ? [attesterSlashing(seed, slot, facts.slotsPerEpoch, attesterSlashed)] : [];
  if ("syncAggregate" in body) {
    body["syncAggregate"] = {
      syncCommitteeBits: BitArray.fromBoolArray([...facts.syncBits]),
      syncCommitteeSignature: makeSignature(seed, "sync", slot),
    };
  }
  if ("executionPayload" in body)
    body["executionPayload"] = payloadOf(body["executionPayload"] as object, facts, parentRoot);
  return body;
}

function payloadOf(payload: object, facts: BodyFacts, parentRoot: string): unknown {
  const { seed, slot } = facts;
  const withdrawals = facts.withdrawals.map((one) => ({
    ...one,
    address: hashParts(seed, "withdrawal", one.validatorIndex).subarray(0, 20),
  }));
  return {
    ...payload,
    parentHash: hashParts(seed, "el", parentRoot),
    blockHash: hashParts(seed, "el", parentRoot, slot),
    stateRoot: hashParts(seed, "el-state", parentRoot, slot),
    prevRandao: hashParts(seed, "prev-randao", parentRoot),
    feeRecipient: facts.feeRecipient,
    blockNumber: slot,
    gasLimit: 36_000_000,
    gasUsed: facts.payloadBytes > 0 ? 18_000_000 : 0,
    timestamp: facts.timestamp,
    baseFeePerGas: 7n,
    transactions: fillerTransactions(slot, facts.payloadBytes),
    ...("withdrawals" in payload ? { withdrawals } : {}),
  };
}

/** One aggregate: over all committees of the slot from Electra on (EIP-7549), of one before. */
function attestationValue(seed: string, unit: AttestationUnit, { fork, attestations: facts }: BodyFacts): unknown {
  const { group } = unit;
  const bits = unitBits(unit, facts.packing);
  const signature = makeSignature(seed, "aggregate", group.slot, unit.part, group.fromSlot);
  if (unit.committee !== undefined && !forkRules(fork).hasCommitteeBits) {
    const start = group.starts[unit.committee] ?? 0;
    const end = group.starts[unit.committee + 1] ?? 0;
    return {
      aggregationBits: new BitArray(sliceBits(bits, start, end), end - start),
      data: attestationDataValue(group, unit.committee),
      signature,
    };
  }
  // A committee of which nobody is in has no bit and no members in the list.
  const present: boolean[] = Array<boolean>(facts.maxCommitteesPerSlot).fill(false);
  const joined: boolean[] = [];
  const [first, end] =
    unit.committee === undefined ? [0, group.committeesPerSlot] : [unit.committee, unit.committee + 1];
  for (let committee = first; committee < end; committee++) {
    const from = group.starts[committee] ?? 0;
    const to = group.starts[committee + 1] ?? 0;
    if (!hasAnyBit(bits, from, to)) continue;
    present[committee] = true;
    for (let at = from; at < to; at++) joined.push(hasBit(bits, at));
  }
  return {
    aggregationBits:
      joined.length === group.positions ? new BitArray(bits, group.positions) : BitArray.fromBoolArray(joined),
    data: attestationDataValue(group, 0),
    signature,
    committeeBits: BitArray.fromBoolArray(present),
  };
}

/** The data that the attesters of a group sign; `index` is 0 from Electra on. */
function attestationDataValue({ slot, headRoot, source, target }: VoteGroup, index: number) {
  // The justified checkpoint of genesis has no root (consensus-specs).
  const sourceRoot = source.epoch === 0 ? new Uint8Array(32) : fromHex(source.root);
  return {
    slot,
    index,
    beaconBlockRoot: fromHex(headRoot),
    source: { epoch: source.epoch, root: sourceRoot },
    target: { epoch: target.epoch, root: fromHex(target.root) },
  };
}
