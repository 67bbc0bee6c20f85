import { dutyBits, type EpochResult } from "../../../src/duties/types.ts";
import type { ChainTruth, EpochTruth } from "../../oracle/src/chain-truth.ts";
import { judgeTruth, slashedBefore } from "./judge-truth.ts";
import { naiveVotes } from "./naive-votes.ts";
import { readChain, type ReadChain } from "./read-chain.ts";

export interface Comparison {
  /** Duties that were compared: attestations, proposals, sync seats of blocks, slashings. */
  checked: number;
  /** One line each: where, what the oracle says, what we say. */
  differences: string[];
}

/** Judges every decided epoch of a chain and compares each fact with the oracle. `chain`: what was read, where it was altered. */
export function compareChain(truth: ChainTruth, chain: ReadChain = readChain(truth)): Comparison {
  const total: Comparison = { checked: 0, differences: [] };
  for (const epoch of truth.epochs) {
    const found = compareEpoch(truth, chain, epoch, judgeTruth(truth, chain, epoch));
    total.checked += found.checked;
    total.differences.push(...found.differences);
  }
  return total;
}

export function compareEpoch(truth: ChainTruth, chain: ReadChain, epoch: EpochTruth, result: EpochResult): Comparison {
  const found: Comparison = { checked: 0, differences: [] };
  const same = (what: string, oracle: unknown, ours: unknown): void => {
    const [right, given] = [JSON.stringify(oracle), JSON.stringify(ours)];
    if (right !== given) found.differences.push(`epoch ${epoch.epoch}: ${what}: oracle ${right}, ours ${given}`);
  };
  compareAttestations(chain, epoch, result, found, same);
  compareSlots(truth, chain, epoch, result, found, same);
  compareSync(chain, epoch, result, found, same);
  compareSlashings(truth, epoch, result, found, same);
  return found;
}

type Same = (what: string, oracle: unknown, ours: unknown) => void;

function compareAttestations(
  { canonical, spec }: ReadChain,
  epoch: EpochTruth,
  { columns, network, rewards }: EpochResult,
  found: Comparison,
  same: Same,
): void {
  const votes = naiveVotes(epoch, canonical, spec.slotsPerEpoch);
  const assigned = new Set(epoch.committees.flat(2));
  const sums = { assigned: 0, included: 0, source: 0, target: 0, head: 0, delay: 0, earned: 0, ideal: 0 };
  same("source of rewards", "computed", rewards);
  for (const [index, flags] of epoch.participation.entries()) {
    const vote = votes.get(index);
    const isAssigned = assigned.has(index);
    const duty =
      (isAssigned ? dutyBits.assigned : 0) |
      (vote ? dutyBits.included : 0) |
      // The state's three flags stand two bits lower.
      (flags << 2) |
      (epoch.slashed[index] === true ? dutyBits.slashed : 0);
    // Inactivity scores are not to be had over the Beacon API: what they cost is left out of our own computation.
    const inactivity = epoch.inactivity.penalty[index] ?? 0;
    const earned = isAssigned ? (epoch.deltas[index] ?? 0) + inactivity : 0;
    const who = `validator ${index}`;
    same(`${who}, duty bits`, duty, columns.duty[index]);
    same(`${who}, delay`, vote?.delay ?? 0, columns.delay[index]);
    same(`${who}, empty slots`, vote?.emptySlots ?? 0, columns.emptySlots[index]);
    same(`${who}, earned`, earned, columns.earned[index]);
    same(`${who}, effective balance`, epoch.effectiveBalances[index], columns.effectiveBalance[index]);
    same(`${who}, balance`, epoch.balances[index], columns.balance[index]);
    if (!isAssigned) continue;
    found.checked += 1;
    sums.assigned += 1;
    sums.included += vote ? 1 : 0;
    sums.source += flags & 1;
    sums.target += (flags >> 1) & 1;
    sums.head += (flags >> 2) & 1;
    sums.delay += vote?.delay ?? 0;
    sums.earned += earned;
    sums.ideal += columns.ideal[index] ?? 0;
    const parts = [
      { flag: 1, deltas: epoch.source },
      { flag: 2, deltas: epoch.target },
      { flag: 4, deltas: epoch.head },
    ];
    // The oracle pays a part only to those who earned it: who earned all three tells the ideal of that balance.
    if (flags === 7 && epoch.slashed[index] !== true)
      same(
        `${who}, ideal`,
        parts.reduce((sum, { deltas }) => sum + (deltas.reward[index] ?? 0), 0),
        columns.ideal[index],
      );
  }
  const ours = {
    assigned: network.assigned,
    included: network.included,
    source: network.timelySource,
    target: network.timelyTarget,
    head: network.timelyHead,
    delay: network.delaySum,
    earned: network.earned,
    ideal: network.ideal,
  };
  same("sums of the network", sums, ours);
}

function compareSlots(
  truth: ChainTruth,
  { spec }: ReadChain,
  epoch: EpochTruth,
  { slots, proposals }: EpochResult,
  found: Comparison,
  same: Same,
): void {
  const firstSlot = epoch.epoch * spec.slotsPerEpoch;
  const expected = epoch.proposers.map((proposerIndex, at) => {
    const slot = firstSlot + at;
    const here = truth.blocks.filter((block) => block.slot === slot);
    const canonical = here.find((block) => block.isCanonical);
    const block = canonical ? "proposed" : here.length > 0 ? "orphaned" : "missed";
    return { slot, proposerIndex, block, root: (canonical ?? here[0])?.root };
  });
  const turns = expected.filter(({ slot }) => slot > 0);
  for (const turn of turns) {
    const ours = slots.find(({ slot }) => slot === turn.slot);
    found.checked += 1;
    same(`slot ${turn.slot}`, turn, {
      slot: ours?.slot,
      proposerIndex: ours?.proposerIndex,
      block: ours?.block,
      root: ours?.root,
    });
  }
  same(
    "proposals",
    turns.map(({ slot, proposerIndex, block, root }) => [slot, proposerIndex, block, root]),
    proposals.map(({ slot, validatorIndex, outcome, root }) => [slot, validatorIndex, outcome, root]),
  );
}

function compareSync(
  { canonical, spec }: ReadChain,
  epoch: EpochTruth,
  { sync }: EpochResult,
  found: Comparison,
  same: Same,
): void {
  const blocks = canonical.filter(({ slot }) => Math.floor(slot / spec.slotsPerEpoch) === epoch.epoch);
  const expected = new Map<number, { seats: number; duties: number; hits: number; earned: number; ideal: number }>();
  for (const [seat, validatorIndex] of epoch.syncCommittee.entries()) {
    const it = expected.get(validatorIndex) ?? { seats: 0, duties: 0, hits: 0, earned: 0, ideal: 0 };
    expected.set(validatorIndex, it);
    it.seats += 1;
    for (const { syncBits } of blocks) {
      const isHit = (((syncBits?.[seat >> 3] ?? 0) >> (seat & 7)) & 1) === 1;
      it.duties += 1;
      it.hits += isHit ? 1 : 0;
      it.earned += isHit ? epoch.syncParticipantReward : -epoch.syncParticipantReward;
      it.ideal += epoch.syncParticipantReward;
      found.checked += 1;
    }
  }
  const ours = new Map(sync.map(({ validatorIndex, ...rest }) => [validatorIndex, rest]));
  same("members of the sync committee", [...expected.keys()].sort(byNumber), [...ours.keys()].sort(byNumber));
  for (const [validatorIndex, it] of expected) same(`sync of ${validatorIndex}`, it, ours.get(validatorIndex));
}

const byNumber = (a: number, b: number): number => a - b;

/** Who is slashed now and was not when the epoch before ended. */
function compareSlashings(
  truth: ChainTruth,
  epoch: EpochTruth,
  { slashings }: EpochResult,
  found: Comparison,
  same: Same,
): void {
  const before = slashedBefore(truth, epoch);
  const expected = epoch.slashedByEnd.flatMap((slashed, index) => (slashed && before?.[index] !== true ? [index] : []));
  found.checked += expected.length;
  same("slashings", expected, slashings.map(({ validatorIndex }) => validatorIndex).sort(byNumber));
}
