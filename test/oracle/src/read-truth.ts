import type { BeaconConfig } from "@lodestar/config";
import { EFFECTIVE_BALANCE_INCREMENT, SLOTS_PER_EPOCH } from "@lodestar/params";
import {
  FLAG_ELIGIBLE_ATTESTER,
  beforeProcessEpoch,
  isActiveValidator,
  isInInactivityLeak,
  processSlots,
  type CachedBeaconStateAltair,
} from "@lodestar/state-transition";
import {
  getRewardsAndPenalties,
  processInactivityUpdates,
  processJustificationAndFinalization,
} from "@lodestar/state-transition/epoch";
import { ssz } from "@lodestar/types";
import { nodeAt, type ChainNode } from "./build-chain.ts";
import type { ComponentDeltas, EpochTruth, OracleFork } from "./chain-truth.ts";

/** The canonical state at a slot: the block of that slot applied, no epoch transition after it. */
function stateAt(head: ChainNode, slot: number): CachedBeaconStateAltair {
  const { state } = nodeAt(head, slot);
  return (state.slot === slot ? state : processSlots(state, slot)) as CachedBeaconStateAltair;
}

/** Everything that the chain ending at `head` decided about one epoch. The chain must reach the last slot of the epoch after. */
export function readEpochTruth(config: BeaconConfig, head: ChainNode, epoch: number): EpochTruth {
  const firstSlot = epoch * SLOTS_PER_EPOCH;
  const start = stateAt(head, firstSlot);
  const end = stateAt(head, firstSlot + SLOTS_PER_EPOCH - 1);
  const decided = stateAt(head, firstSlot + 2 * SLOTS_PER_EPOCH - 1);
  const validators = decided.validators.getAllReadonlyValues();
  const { epochCtx } = decided;
  return {
    epoch,
    fork: config.getForkName(firstSlot) as OracleFork,
    committees: start.epochCtx.getShufflingAtEpoch(epoch).committees.map((slot) => slot.map((members) => [...members])),
    proposers: [...start.epochCtx.getBeaconProposers()],
    syncCommittee: [...start.epochCtx.currentSyncCommitteeIndexed.validatorIndices],
    participation: [...decided.previousEpochParticipation.getAll()],
    effectiveBalances: validators.map(({ effectiveBalance }) => effectiveBalance / EFFECTIVE_BALANCE_INCREMENT),
    balances: decided.balances.getAll(),
    slashed: validators.map(({ slashed }) => slashed),
    slashedByEnd: end.validators.getAllReadonlyValues().map(({ slashed }) => slashed),
    activeInEpoch: validators.map((validator) => isActiveValidator(validator, epoch)),
    totalActiveIncrements: epochCtx.totalActiveBalanceIncrements,
    activeIncrementsOfEpoch: start.epochCtx.totalActiveBalanceIncrements,
    syncParticipantReward: start.epochCtx.syncParticipantReward,
    ...readRewards(decided),
  };
}

type Rewards = Pick<
  EpochTruth,
  | "eligible"
  | "finalizedEpoch"
  | "isLeaking"
  | "inactivityScores"
  | "deltas"
  | "source"
  | "target"
  | "head"
  | "inactivity"
>;

const [sourceFlag, targetFlag, headFlag] = [1, 2, 4];

/** Rewards as the epoch transition pays them: justification and inactivity scores first, then the deltas. */
function readRewards(decided: CachedBeaconStateAltair): Rewards {
  const state = decided.clone();
  const cache = beforeProcessEpoch(state);
  const eligible = cache.flags.map((flag) => (flag & FLAG_ELIGIBLE_ATTESTER) !== 0);
  processJustificationAndFinalization(state, cache);
  processInactivityUpdates(state, cache);
  state.commit();
  const [rewards, penalties] = getRewardsAndPenalties(state, cache);
  const deltas = rewards.map((reward, index) => reward - (penalties[index] ?? 0));
  const flags = decided.previousEpochParticipation.getAll();
  const untouched = state.inactivityScores.getAll();

  /** The same library function over states in which everybody lacks, or has, all other parts: what remains is one part. */
  const partOf = (flag: number): ComponentDeltas => {
    const only = deltasWith(
      state,
      flags.map((value) => value & flag),
      untouched,
    );
    const rest = deltasWith(
      state,
      flags.map((value) => value | (7 & ~flag)),
      untouched.map(() => 0),
    );
    return { reward: only.rewards, penalty: rest.penalties };
  };
  const inactive = deltasWith(
    state,
    flags.map((value) => value | sourceFlag | headFlag),
    untouched,
  );
  const target = partOf(targetFlag);
  return {
    eligible,
    finalizedEpoch: state.finalizedCheckpoint.epoch,
    isLeaking: isInInactivityLeak(state),
    inactivityScores: untouched,
    deltas,
    source: partOf(sourceFlag),
    target,
    head: partOf(headFlag),
    inactivity: {
      reward: deltas.map(() => 0),
      penalty: inactive.penalties.map((penalty, index) => penalty - (target.penalty[index] ?? 0)),
    },
  };
}

function deltasWith(
  base: CachedBeaconStateAltair,
  participation: number[],
  inactivityScores: number[],
): { rewards: number[]; penalties: number[] } {
  const state = base.clone();
  state.previousEpochParticipation = ssz.altair.EpochParticipation.toViewDU(participation);
  state.inactivityScores = ssz.altair.InactivityScores.toViewDU(inactivityScores);
  state.commit();
  const [rewards, penalties] = getRewardsAndPenalties(state, beforeProcessEpoch(state));
  // The library reuses both arrays for its next answer.
  return { rewards: [...rewards], penalties: [...penalties] };
}
