import type { BlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { forkNames, type Checkpoint, type ForkName } from "../../chain/types.ts";
import type { AttestationFacts, BidFacts, BlockFacts, PayloadFacts } from "../types.ts";
import { committeesOf, slashedBoth, stripLengthBit, textOrHex } from "./block-bits.ts";
import { asObject, asUint, bytesIn, hexIn, listIn, objectIn, uintIn, type JsonObject } from "./json-fields.ts";
import { readTransfer } from "./read-transfer.ts";

/** The slot of a signed block in JSON. Throws AppError where it has none. */
export function slotOfBlockJson(signed: unknown): number {
  return uintIn(objectIn(asObject(signed, "data"), "message"), "slot");
}

/** Reads a `SignedBeaconBlock` as JSON, for nodes that give no SSZ. Throws AppError where it is none. */
export function decodeBlockJson(signed: unknown, fork: ForkName, sizes: BlockSizes, root: string): BlockFacts {
  const message = objectIn(asObject(signed, "data"), "message");
  const body = objectIn(message, "body");
  const since = (name: ForkName) => forkNames.indexOf(fork) >= forkNames.indexOf(name);
  const hasPayload = since("bellatrix") && !since("gloas");
  const each = (name: string) => listIn(body, name).map((item) => asObject(item, name));
  return {
    root,
    slot: uintIn(message, "slot"),
    proposerIndex: uintIn(message, "proposer_index"),
    parentRoot: hexIn(message, "parent_root", 32),
    stateRoot: hexIn(message, "state_root", 32),
    fork,
    graffiti: textOrHex(bytesIn(body, "graffiti", 32)),
    attestations: each("attestations").map((item) => readAttestation(item, since("electra"), sizes)),
    syncBits: since("altair")
      ? bytesIn(objectIn(body, "sync_aggregate"), "sync_committee_bits", Math.ceil(sizes.syncCommitteeSize / 8))
      : undefined,
    proposerSlashed: each("proposer_slashings").map((item) =>
      uintIn(objectIn(objectIn(item, "signed_header_1"), "message"), "proposer_index"),
    ),
    attesterSlashed: each("attester_slashings").flatMap((item) =>
      slashedBoth(indicesIn(objectIn(item, "attestation_1")), indicesIn(objectIn(item, "attestation_2"))),
    ),
    exits: each("voluntary_exits").map((item) => uintIn(objectIn(item, "message"), "validator_index")),
    payload: hasPayload ? readPayload(objectIn(body, "execution_payload")) : undefined,
    ...(since("gloas") && { bid: readBid(objectIn(objectIn(body, "signed_execution_payload_bid"), "message")) }),
  };
}

function readAttestation(item: JsonObject, hasCommitteeBits: boolean, sizes: BlockSizes): AttestationFacts {
  const data = objectIn(item, "data");
  const dataIndex = uintIn(data, "index");
  return {
    slot: uintIn(data, "slot"),
    dataIndex,
    committees: hasCommitteeBits
      ? committeesOf(bytesIn(item, "committee_bits"), sizes.maxCommitteesPerSlot)
      : [dataIndex],
    ...stripLengthBit(bytesIn(item, "aggregation_bits")),
    headRoot: hexIn(data, "beacon_block_root", 32),
    source: readCheckpoint(objectIn(data, "source")),
    target: readCheckpoint(objectIn(data, "target")),
  };
}

function readCheckpoint(checkpoint: JsonObject): Checkpoint {
  return { epoch: uintIn(checkpoint, "epoch"), root: hexIn(checkpoint, "root", 32) };
}

function indicesIn(attestation: JsonObject): number[] {
  return listIn(attestation, "attesting_indices").map((index) => asUint(index, "attesting_indices"));
}

function readPayload(payload: JsonObject): PayloadFacts {
  const transactions = listIn(payload, "transactions");
  const last = transactions.at(-1);
  const lastTransfer = last === undefined ? undefined : readTransfer(bytesIn({ last }, "last"));
  return {
    feeRecipient: hexIn(payload, "fee_recipient", 20),
    blockHash: hexIn(payload, "block_hash", 32),
    blockNumber: uintIn(payload, "block_number"),
    gasUsed: uintIn(payload, "gas_used"),
    transactions: transactions.length,
    extraData: textOrHex(bytesIn(payload, "extra_data")),
    ...(lastTransfer && { lastTransfer }),
  };
}

function readBid(bid: JsonObject): BidFacts {
  const builder = bid["builder_index"];
  return {
    parentBlockHash: hexIn(bid, "parent_block_hash", 32),
    blockHash: hexIn(bid, "block_hash", 32),
    feeRecipient: hexIn(bid, "fee_recipient", 20),
    // BUILDER_INDEX_SELF_BUILD is 2^64-1.
    builderIndex: String(builder) === "18446744073709551615" ? undefined : asUint(builder, "builder_index"),
    value: uintIn(bid, "value"),
  };
}
