import { AppError } from "../../lib/app-error.ts";
import { forkAt } from "../../chain/fork-at.ts";
import { forkNames, type ForkName } from "../../chain/types.ts";
import { dutyBits, type AttestationFacts, type BlockFacts } from "../types.ts";
import type { CanonicalView } from "./canonical-view.ts";
import type { DutySpec } from "./duty-spec.ts";

/** What one inclusion of an attestation is worth to each of its attesters. */
export interface VoteVerdict {
  delay: number;
  /** `dutyBits.included` and the timely flags. */
  flags: number;
  isTargetRight: boolean;
  /** With the payload's status from Gloas on. */
  isHeadRight: boolean;
  /** Only the payload's status kept the head from being right, and nobody told it. */
  isPayloadUnknown: boolean;
}

export function isForkFrom(fork: ForkName, first: ForkName): boolean {
  return forkNames.indexOf(fork) >= forkNames.indexOf(first);
}

/**
 * Flags of `get_attestation_participation_flag_indices` and the window of `process_attestation`, by the fork of the block
 * that includes the vote. `undefined`: no valid block can hold it. The source is right in every valid block.
 *
 * Rewards of an epoch whose N + 1 is of phase 0 follow pending attestations: no part has a time limit there. At the Altair
 * upgrade those of the epoch before are translated by Altair's rules (`translate_participation`).
 *
 * @throws AppError `judge-root-unknown` where the view does not reach back far enough.
 */
export function judgeVote(
  spec: DutySpec,
  vote: AttestationFacts,
  block: BlockFacts,
  chain: CanonicalView,
  isParentPayloadFull: boolean | undefined,
): VoteVerdict | undefined {
  const epoch = Math.floor(vote.slot / spec.slotsPerEpoch);
  const delay = block.slot - vote.slot;
  if (vote.target.epoch !== epoch || delay < spec.minAttestationInclusionDelay) return undefined;
  if (block.slot > lastInclusionSlot(spec, vote.slot, block.fork)) return undefined;

  const isTargetRight = vote.target.root === knownRoot(chain, epoch * spec.slotsPerEpoch);
  const isRootRight = vote.headRoot === knownRoot(chain, vote.slot);
  const payload = isRootRight ? payloadMatches(vote, block, chain, isParentPayloadFull) : true;
  const isHeadRight = isRootRight && payload === true;

  let flags: number = dutyBits.included;
  if (isPhase0Accounting(spec, epoch)) {
    flags |= dutyBits.timelySource;
    if (isTargetRight) flags |= dutyBits.timelyTarget;
    if (isTargetRight && isHeadRight) flags |= dutyBits.timelyHead;
  } else {
    if (delay <= spec.timelySourceDelay) flags |= dutyBits.timelySource;
    if (isTargetRight) flags |= dutyBits.timelyTarget;
    if (isTargetRight && isHeadRight && delay === spec.minAttestationInclusionDelay) flags |= dutyBits.timelyHead;
  }
  const isPayloadUnknown = payload === undefined && isTargetRight && delay === spec.minAttestationInclusionDelay;
  return { delay, flags, isTargetRight, isHeadRight, isPayloadUnknown };
}

/** Before Deneb a vote can be included for one epoch's length; from Deneb on to the end of the next epoch (EIP-7045). */
export function lastInclusionSlot(spec: DutySpec, slot: number, fork: ForkName): number {
  const endOfNext = (Math.floor(slot / spec.slotsPerEpoch) + 2) * spec.slotsPerEpoch - 1;
  return isForkFrom(fork, "deneb") ? endOfNext : Math.min(endOfNext, slot + spec.slotsPerEpoch);
}

export function isPhase0Accounting(spec: DutySpec, epoch: number): boolean {
  return forkAt(spec, epoch + 1)?.name === "phase0";
}

export function knownRoot(chain: CanonicalView, slot: number): string {
  const root = chain.rootAt(slot);
  if (root !== undefined) return root;
  throw new AppError(
    `judge attestations: the canonical block at or before slot ${slot} is not known; read older blocks first`,
    { code: "judge-root-unknown" },
  );
}

/**
 * From Gloas on a vote also says whether the payload was there (EIP-7732): 0 for a block of the vote's own slot, otherwise
 * as the state has it for the parent of the including block.
 */
function payloadMatches(
  vote: AttestationFacts,
  block: BlockFacts,
  chain: CanonicalView,
  isParentPayloadFull: boolean | undefined,
): boolean | undefined {
  if (!isForkFrom(block.fork, "gloas")) return true;
  const isSameSlot = vote.slot === 0 || vote.headRoot !== knownRoot(chain, vote.slot - 1);
  if (isSameSlot) return vote.dataIndex === 0;
  if (isParentPayloadFull === undefined) return undefined;
  return vote.dataIndex === (isParentPayloadFull ? 1 : 0);
}

/**
 * Whether a block builds on its parent's payload, by the two bids. `undefined`: the parent or a bid is not known. A parent
 * from before Gloas carried its payload within.
 */
export function isParentFull(block: BlockFacts, parent: BlockFacts | undefined): boolean | undefined {
  if (parent === undefined || parent.root !== block.parentRoot || block.bid === undefined) return undefined;
  if (!isForkFrom(parent.fork, "gloas")) return true;
  return parent.bid === undefined ? undefined : parent.bid.blockHash === block.bid.parentBlockHash;
}
