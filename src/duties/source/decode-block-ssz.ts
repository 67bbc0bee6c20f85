import type { BlockSizes } from "../../beacon/ssz/block-sizes.ts";
import { forkNames, type Checkpoint, type ForkName } from "../../chain/types.ts";
import type { AttestationFacts, BidFacts, BlockFacts, PayloadFacts } from "../types.ts";
import { committeesOf, slashedBoth, stripLengthBit, textOrHex } from "./block-bits.ts";
import { readTransfer } from "./read-transfer.ts";
import { readSsz, type SszReader } from "./ssz-reader.ts";

const signatureLength = 96;
const attestationDataLength = 128;
const signedHeaderLength = 8 + 8 + 32 * 3 + signatureLength;
/** Where a signed block's message begins, past its own offset and the signature. */
const messageAt = 4 + signatureLength;

/** The slot of a signed block of any fork; `undefined` where there are too few bytes. */
export function slotOfSignedBlock(bytes: Buffer): number | undefined {
  return bytes.length < messageAt + 8 ? undefined : Number(bytes.readBigUInt64LE(messageAt));
}

/**
 * Reads a `SignedBeaconBlock` of any fork to Gloas where its fields lie, without making values of transactions and blobs.
 * Throws AppError where the bytes are no such block. Source: `BeaconBlockBody` of each fork in consensus-specs.
 */
export function decodeBlockSsz(bytes: Buffer, fork: ForkName, sizes: BlockSizes, root: string): BlockFacts {
  const [message] = readSsz(bytes).parts(messageAt, 0) as [SszReader];
  const [body] = message.parts(84, 80) as [SszReader];
  const since = (name: ForkName) => forkNames.indexOf(fork) >= forkNames.indexOf(name);
  const isGloas = since("gloas");
  const aggregateLength = since("altair") ? Math.ceil(sizes.syncCommitteeSize / 8) + signatureLength : 0;

  // Five lists of operations, the sync aggregate (fixed), then what each fork put behind it.
  const operationsAt = 96 + 72 + 32;
  const restAt = operationsAt + 5 * 4 + aggregateLength;
  const restFields = isGloas
    ? 4
    : since("electra")
      ? 4
      : since("deneb")
        ? 3
        : since("capella")
          ? 2
          : since("bellatrix")
            ? 1
            : 0;
  const offsets = [
    ...Array.from({ length: 5 }, (_, i) => operationsAt + i * 4),
    ...Array.from({ length: restFields }, (_, i) => restAt + i * 4),
  ];
  const parts = body.parts(restAt + restFields * 4, ...offsets);
  const [proposerSlashings, attesterSlashings, attestations, , exits] = parts as [
    SszReader,
    SszReader,
    SszReader,
    SszReader,
    SszReader,
  ];
  const payload = isGloas ? undefined : parts[5];
  const bid = isGloas ? parts[6] : undefined;

  return {
    root,
    slot: message.uint(0),
    proposerIndex: message.uint(8),
    parentRoot: message.hex(16, 32),
    stateRoot: message.hex(48, 32),
    fork,
    graffiti: textOrHex(body.copy(168, 32)),
    attestations: attestations.variableItems().map((item) => readAttestation(item, since("electra"), sizes)),
    syncBits: since("altair") ? body.copy(operationsAt + 20, Math.ceil(sizes.syncCommitteeSize / 8)) : undefined,
    // A proposer slashing is two signed headers of one proposer.
    proposerSlashed: proposerSlashings.items(2 * signedHeaderLength).map((item) => item.uint(8)),
    attesterSlashed: attesterSlashings.variableItems().flatMap(readAttesterSlashing),
    exits: exits.items(8 + 8 + signatureLength).map((item) => item.uint(8)),
    payload: payload === undefined ? undefined : readPayload(payload, since),
    ...(bid !== undefined && { bid: readBid(bid) }),
  };
}

function readAttestation(item: SszReader, hasCommitteeBits: boolean, sizes: BlockSizes): AttestationFacts {
  const committeeBytes = hasCommitteeBits ? Math.ceil(sizes.maxCommitteesPerSlot / 8) : 0;
  const fixedLength = 4 + attestationDataLength + signatureLength + committeeBytes;
  const [bits] = item.parts(fixedLength, 0) as [SszReader];
  const dataIndex = item.uint(12);
  return {
    slot: item.uint(4),
    dataIndex,
    committees: hasCommitteeBits
      ? committeesOf(item.copy(fixedLength - committeeBytes, committeeBytes), sizes.maxCommitteesPerSlot)
      : [dataIndex],
    ...stripLengthBit(bits.copy(0, bits.length)),
    headRoot: item.hex(20, 32),
    source: readCheckpoint(item, 52),
    target: readCheckpoint(item, 92),
  };
}

function readCheckpoint(item: SszReader, at: number): Checkpoint {
  return { epoch: item.uint(at), root: item.hex(at + 8, 32) };
}

function readAttesterSlashing(item: SszReader): number[] {
  const [first, second] = item.parts(8, 0, 4).map((attestation) => {
    const [indices] = attestation.parts(4 + attestationDataLength + signatureLength, 0) as [SszReader];
    return indices.items(8).map((index) => index.uint(0));
  });
  return slashedBoth(first ?? [], second ?? []);
}

function readPayload(payload: SszReader, since: (name: ForkName) => boolean): PayloadFacts {
  const withdrawals = since("capella") ? [508] : [];
  const fixedLength = 508 + withdrawals.length * 4 + (since("deneb") ? 16 : 0);
  const [extraData, transactions] = payload.parts(fixedLength, 436, 504, ...withdrawals) as [SszReader, SszReader];
  const last = transactions.lastVariableItem();
  const lastTransfer = last && readTransfer(last);
  return {
    feeRecipient: payload.hex(32, 20),
    blockHash: payload.hex(472, 32),
    blockNumber: payload.uint(404),
    gasUsed: payload.uint(420),
    transactions: transactions.countVariableItems(),
    extraData: textOrHex(extraData.copy(0, extraData.length)),
    ...(lastTransfer && { lastTransfer }),
  };
}

/** `SignedExecutionPayloadBid`: parent hash, parent root, block hash, randao, fee recipient, gas limit, builder, slot, value … */
function readBid(signed: SszReader): BidFacts {
  const [bid] = signed.parts(messageAt, 0) as [SszReader];
  bid.parts(224, 188);
  return {
    parentBlockHash: bid.hex(0, 32),
    blockHash: bid.hex(64, 32),
    feeRecipient: bid.hex(128, 20),
    builderIndex: bid.uintOrMax(156),
    value: bid.uint(172),
  };
}
