import { SLOTS_PER_EPOCH } from "@lodestar/params";
import type { CachedBeaconStateAllForks } from "@lodestar/state-transition";
import type { phase0 } from "@lodestar/types";
import type { ChainRequest } from "./chain-truth.ts";
import type { Random } from "./random.ts";

/** Votes of one committee for the same data. */
export interface VoteGroup {
  id: number;
  slot: number;
  committee: number;
  members: Uint32Array;
  data: phase0.AttestationData;
  voters: { position: number; readyAt: number }[];
}

export interface VoteScene {
  slot: number;
  /** The chain as attesters of this slot see it, at this slot. */
  state: CachedBeaconStateAllForks;
  headRoot: Uint8Array;
  targetRoot: Uint8Array;
  /** Of blocks that a confused attester may take for the head or the target. */
  otherRoots: readonly Uint8Array[];
}

/** What the committees of one slot say, drawn at random: right, wrong, late, twice or not at all. */
export function castVotes(scene: VoteScene, request: ChainRequest, random: Random, firstId: number): VoteGroup[] {
  const { shares } = request;
  const { state, slot } = scene;
  const epoch = Math.floor(slot / SLOTS_PER_EPOCH);
  const groups = new Map<string, VoteGroup>();
  const source = state.currentJustifiedCheckpoint.toValue();
  const wrongHeads = [random.pick(scene.otherRoots), random.bytes(32)];
  const wrongTargets = [random.pick(scene.otherRoots), random.bytes(32)];

  const cast = (committee: number, members: Uint32Array, position: number): void => {
    const isWrongTarget = random.has(shares.wrongTarget);
    const isWrongHead = random.has(shares.wrongHead);
    const headAt = isWrongHead ? random.below(wrongHeads.length) : -1;
    const targetAt = isWrongTarget ? random.below(wrongTargets.length) : -1;
    const key = `${committee} ${headAt} ${targetAt}`;
    let group = groups.get(key);
    if (!group) {
      const beaconBlockRoot = wrongHeads[headAt] ?? scene.headRoot;
      const target = { epoch, root: wrongTargets[targetAt] ?? scene.targetRoot };
      const data = { slot, index: committee, beaconBlockRoot, source, target };
      group = { id: firstId + groups.size, slot, committee, members, data, voters: [] };
      groups.set(key, group);
    }
    const delay = random.has(shares.late) ? 1 + random.below(2 * SLOTS_PER_EPOCH) : 1;
    if (!group.voters.some((voter) => voter.position === position))
      group.voters.push({ position, readyAt: slot + delay });
  };

  const committees = state.epochCtx.getCommitteeCountPerSlot(epoch);
  for (let committee = 0; committee < committees; committee++) {
    const members = state.epochCtx.getBeaconCommittee(slot, committee);
    for (let position = 0; position < members.length; position++) {
      if (random.has(shares.missing)) continue;
      cast(committee, members, position);
      if (random.has(shares.double)) cast(committee, members, position);
    }
  }
  return [...groups.values()];
}
