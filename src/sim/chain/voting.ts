import type { Checkpoint } from "../../chain/types.ts";
import { emptyBits, setBit } from "./bits.ts";
import type { Committees } from "./committees.ts";
import type { DutyScript } from "./duty-script.ts";
import { voteInSlot } from "./votes.ts";

/** Equal votes of a slot: one attestation data, one arrival. */
export interface VoteGroup {
  slot: number;
  headRoot: string;
  source: Checkpoint;
  target: Checkpoint;
  /** The first slot whose block can hold them. */
  fromSlot: number;
  /** Whose committees they are of. */
  seenRoot: string;
  committeesPerSlot: number;
  /** Where each committee's members begin among those of the slot, and the end. */
  starts: Uint32Array;
  /** Packed, over the slot's committees one after the other. */
  bits: Uint8Array;
  positions: number;
  count: number;
}

export interface VotingFacts {
  seed: string;
  /** The branch on which they vote. */
  branch: string;
  slot: number;
  slotsPerEpoch: number;
  participation: number;
  script: DutyScript;
  committees: Committees;
  seenRoot: string;
  /** What an honest attester of this slot signs, and what a wrong one does. */
  headRoot: string;
  wrongHeadRoot: string;
  source: Checkpoint;
  target: Checkpoint;
  wrongTargetRoot: string;
}

/** The votes of one slot, grouped by what they say and when they arrive. Members of no group did not vote. */
export function groupVotes(facts: VotingFacts): readonly VoteGroup[] {
  const { slot, committees, script } = facts;
  const members = committees.slotMembers(slot % facts.slotsPerEpoch);
  const { bits: voters } = voteInSlot(facts.seed, facts.branch, slot, members.length, facts.participation);
  const groups = new Map<number, VoteGroup>();
  const { committeesPerSlot } = committees;
  const starts = Uint32Array.from({ length: committeesPerSlot + 1 }, (_, committee) =>
    committees.start(slot % facts.slotsPerEpoch, committee),
  );
  for (let position = 0; position < members.length; position++) {
    if (!voters[position]) continue;
    const vote = script.attestation?.(members[position] ?? 0, slot);
    if (vote?.attests === false) continue;
    const lateSlots = vote?.lateSlots ?? 0;
    const key = lateSlots * 4 + (vote?.wrongHead ? 2 : 0) + (vote?.wrongTarget ? 1 : 0);
    let group = groups.get(key);
    if (!group) {
      group = {
        slot,
        headRoot: vote?.wrongHead ? facts.wrongHeadRoot : facts.headRoot,
        source: facts.source,
        target: vote?.wrongTarget ? { epoch: facts.target.epoch, root: facts.wrongTargetRoot } : facts.target,
        fromSlot: slot + 1 + lateSlots,
        seenRoot: facts.seenRoot,
        committeesPerSlot,
        starts,
        bits: emptyBits(members.length),
        positions: members.length,
        count: 0,
      };
      groups.set(key, group);
    }
    setBit(group.bits, position);
    group.count += 1;
  }
  // The biggest first, as the one that pays a proposer most.
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
