import type { Branches } from "./branches.ts";
import { groupVotes, type VoteGroup } from "./voting.ts";
import type { SimBlock, SimChain } from "./types.ts";

/** How many slots' votes are kept at hand, in epochs: inclusion looks two back. */
const keptEpochs = 3;
/** ATTESTATION_DUE_BPS: a block that comes later is not voted for. */
const attestationDueBps = 3333;

export type VotersFacts = Pick<
  SimChain,
  | "seed"
  | "slotsPerEpoch"
  | "slotDurationMs"
  | "firstSlot"
  | "epochOf"
  | "headAt"
  | "visibleBranch"
  | "blockByRoot"
  | "ancestorAt"
  | "stateAt"
  | "committees"
> & { branches: Branches };

/** The votes of a slot on a branch, largest group first. */
export type Voters = (slot: number, branch: string) => readonly VoteGroup[];

/** Lets the attesters of each slot vote for what they see: also for blocks that a reorg leaves behind later. */
export function createVoters(facts: VotersFacts): Voters {
  const { slotsPerEpoch, branches, ancestorAt } = facts;
  const cache = new Map<string, readonly VoteGroup[]>();

  function seenHead(slot: number, branch: string): SimBlock {
    const head = facts.headAt(slot, facts.visibleBranch(slot, branch));
    const isLate = (head.lateMs ?? 0) * 10_000 > facts.slotDurationMs * attestationDueBps;
    return (head.slot === slot && isLate ? facts.blockByRoot(head.parentRoot) : undefined) ?? head;
  }

  return (slot, branchName) => {
    const { votesAs } = branches.ownerOf(slot, branchName);
    const { script, participation } = branches.named(votesAs);
    const seen = seenHead(slot, votesAs);
    const key = `${votesAs}/${slot}/${seen.root}`;
    const known = cache.get(key);
    if (known) return known;
    const epoch = facts.epochOf(slot);
    const targetBlock = ancestorAt(seen, epoch * slotsPerEpoch);
    const groups = groupVotes({
      seed: facts.seed,
      branch: votesAs,
      slot,
      slotsPerEpoch,
      participation: participation(epoch),
      script,
      committees: facts.committees(seen, epoch),
      seenRoot: seen.root,
      headRoot: seen.root,
      wrongHeadRoot: seen.parentRoot,
      source: facts.stateAt(seen, slot).justified,
      target: { epoch, root: targetBlock.root },
      wrongTargetRoot: targetBlock.parentRoot,
    });
    if (cache.size >= keptEpochs * slotsPerEpoch) cache.delete(cache.keys().next().value ?? key);
    cache.set(key, groups);
    return groups;
  };
}
