import { BitArray } from "@chainsafe/ssz";
import { ForkSeq, SYNC_COMMITTEE_SIZE } from "@lodestar/params";
import {
  computeTimeAtSlot,
  DataAvailabilityStatus,
  ExecutionPayloadStatus,
  getExpectedWithdrawals,
  getRandaoMix,
  stateTransition,
  type CachedBeaconStateAllForks,
  type CachedBeaconStateCapella,
  type CachedBeaconStateExecutions,
} from "@lodestar/state-transition";
import {
  ssz,
  type Attestation,
  type BeaconBlockBody,
  type SignedBeaconBlock,
  type bellatrix,
  type capella,
} from "@lodestar/types";
import type { ChainRequest } from "./chain-truth.ts";
import { addOperations } from "./operations.ts";
import type { Random } from "./random.ts";

export interface BuiltBlock {
  signed: SignedBeaconBlock;
  root: Uint8Array;
  state: CachedBeaconStateAllForks;
}

/**
 * A block of this state's slot with the attestations given. Signatures are empty and unchecked; every other assert of
 * the specification holds, because the library's own transition takes the block. Throws the library's error where it does not.
 */
export function buildBlock(
  state: CachedBeaconStateAllForks,
  attestations: readonly Attestation[],
  request: ChainRequest,
  random: Random,
): BuiltBlock {
  const fork = state.config.getForkSeq(state.slot);
  const types = state.config.getForkTypes(state.slot);
  const signed = types.SignedBeaconBlock.defaultValue();
  const block = signed.message;
  block.slot = state.slot;
  block.proposerIndex = state.epochCtx.getBeaconProposer(state.slot);
  block.parentRoot = ssz.phase0.BeaconBlockHeader.hashTreeRoot(state.latestBlockHeader.toValue());
  const body: BeaconBlockBody = block.body;
  body.randaoReveal = random.bytes(96);
  body.eth1Data = state.eth1Data.toValue();
  body.graffiti = random.bytes(32);
  // Slashings and exits first: attestations were packed for a state before them, and both orders are valid.
  addOperations(state, body, request, random);
  (body.attestations as Attestation[]).push(...attestations);
  if ("syncAggregate" in body)
    body.syncAggregate.syncCommitteeBits = BitArray.fromBoolArray(
      Array.from({ length: SYNC_COMMITTEE_SIZE }, () => !random.has(request.shares.syncMisses)),
    );
  if (fork >= ForkSeq.bellatrix)
    fillPayload(
      (body as bellatrix.BeaconBlockBody).executionPayload,
      fork,
      state as CachedBeaconStateExecutions,
      random,
    );

  const post = stateTransition(state, signed, {
    verifyStateRoot: false,
    verifyProposer: false,
    verifySignatures: false,
    executionPayloadStatus: ExecutionPayloadStatus.valid,
    dataAvailabilityStatus: DataAvailabilityStatus.Available,
  });
  block.stateRoot = post.hashTreeRoot();
  return { signed, root: types.BeaconBlock.hashTreeRoot(block), state: post };
}

function fillPayload(
  payload: bellatrix.ExecutionPayload,
  fork: ForkSeq,
  state: CachedBeaconStateExecutions,
  random: Random,
): void {
  payload.parentHash = state.latestExecutionPayloadHeader.blockHash;
  payload.feeRecipient = random.bytes(20);
  payload.prevRandao = getRandaoMix(state, state.epochCtx.epoch);
  payload.blockNumber = state.latestExecutionPayloadHeader.blockNumber + 1;
  payload.gasLimit = 30_000_000;
  payload.gasUsed = random.below(30_000_000);
  payload.timestamp = computeTimeAtSlot(state.config, state.slot, state.genesisTime);
  payload.extraData = random.bytes(random.below(33));
  payload.blockHash = random.bytes(32);
  payload.transactions = Array.from({ length: random.below(4) }, () => random.bytes(1 + random.below(60)));
  if (fork >= ForkSeq.capella)
    (payload as capella.ExecutionPayload).withdrawals = getExpectedWithdrawals(
      fork,
      state as CachedBeaconStateCapella,
    ).expectedWithdrawals;
}
