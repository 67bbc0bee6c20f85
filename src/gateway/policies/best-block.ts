import type { Answer } from "../send/fan-out.ts";
import type { ProducedBlock } from "./produced-block.ts";

/** A block that a node built. */
export interface BlockCandidate {
  answer: Answer;
  block: ProducedBlock;
}

export interface BestBlockState {
  /** In the order of the view: the first of equals is served. */
  candidates: readonly BlockCandidate[];
  /** Ready nodes that are still building. */
  isAnybodyPending: boolean;
  isLate: boolean;
  isExpired: boolean;
  viewHeadRoot: string | undefined;
  /** Lower-case 0x addresses; empty allows all. */
  allowedRecipients: readonly string[];
  /** What the validator client told the group for this proposer; `undefined` where it told nothing. */
  preparedRecipient: (proposerIndex: string) => string | undefined;
  /** Weight of a blinded block's payload value against a full one's, per cent. */
  blindedBoostPercent: number;
  /** Values of nodes can be compared; not on Gnosis, where they are in different tokens. */
  isValueComparable: boolean;
}

export type BestBlockDecision =
  | { kind: "wait" }
  | { kind: "serve"; candidate: BlockCandidate }
  /** Blocks there are, but each pays somebody who is not on the list. */
  | { kind: "not-allowed"; recipients: readonly string[] }
  | { kind: "none" };

/**
 * The most valuable block among those on the group's head that pay whom they should. At the soft deadline one block is
 * enough; what cannot be read of a block ranks it last and never costs the proposal.
 */
export function decideBestBlock(state: BestBlockState): BestBlockDecision {
  const allowed = state.candidates.filter((candidate) => isAllowed(state, candidate));
  const mayWait = state.isAnybodyPending && !state.isExpired;
  if (mayWait && (!state.isLate || allowed.length === 0)) return { kind: "wait" };
  if (allowed.length > 0)
    return { kind: "serve", candidate: allowed.reduce((a, b) => (isBetter(state, b, a) ? b : a)) };
  if (state.candidates.length === 0) return { kind: "none" };
  return { kind: "not-allowed", recipients: state.candidates.map(({ block }) => block.feeRecipient ?? "") };
}

function isAllowed({ allowedRecipients }: BestBlockState, { block }: BlockCandidate): boolean {
  return (
    allowedRecipients.length === 0 || block.feeRecipient === undefined || allowedRecipients.includes(block.feeRecipient)
  );
}

function isBetter(state: BestBlockState, one: BlockCandidate, other: BlockCandidate): boolean {
  const [a, b] = [faults(state, one), faults(state, other)];
  for (const [index, value] of a.entries()) if (value !== b[index]) return value < (b[index] ?? false);
  if (!state.isValueComparable) return false;
  const [own, best] = [valueOf(state, one.block), valueOf(state, other.block)];
  return own !== undefined && (best === undefined || own > best);
}

/** In order of weight: not on the view's head, pays another than was prepared, recipient unreadable. */
function faults(
  { viewHeadRoot, preparedRecipient, allowedRecipients }: BestBlockState,
  { block }: BlockCandidate,
): boolean[] {
  const { parentRoot, feeRecipient, proposerIndex, isBlinded } = block;
  const prepared = proposerIndex === undefined || isBlinded ? undefined : preparedRecipient(proposerIndex);
  return [
    viewHeadRoot !== undefined && parentRoot !== viewHeadRoot,
    prepared !== undefined && feeRecipient !== undefined && feeRecipient !== prepared,
    allowedRecipients.length > 0 && !isBlinded && feeRecipient === undefined,
  ];
}

/** Wei; `undefined` where the node gave no value. Gloas has no payload value in its answers: the block's own counts. */
function valueOf({ blindedBoostPercent }: BestBlockState, block: ProducedBlock): bigint | undefined {
  const { payloadValue, consensusValue, isBlinded, isPayloadIncluded } = block;
  if (payloadValue === undefined) return isPayloadIncluded === undefined ? undefined : consensusValue;
  const boosted = isBlinded ? (payloadValue * BigInt(Math.round(blindedBoostPercent))) / 100n : payloadValue;
  return boosted + (consensusValue ?? 0n);
}
