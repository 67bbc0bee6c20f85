import { emptyTotals } from "../totals.ts";
import { dutyBits, type DutyTotals, type SlotOutcome } from "../types.ts";
import { emptySlotsOf } from "./empty-slots.ts";
import type { JudgeInput } from "./judge-input.ts";
import type { RewardTable } from "./spec-rewards.ts";
import type { SyncTally } from "./sync-outcomes.ts";

/** Everybody's sums of the epoch; stake and gwei only where the whole chain's stake is known. */
export function networkTotals(
  input: JudgeInput,
  isSlashed: (validatorIndex: number) => boolean,
  table: RewardTable | undefined,
  slots: readonly SlotOutcome[],
  sync: SyncTally,
): DutyTotals {
  const { ledger, spec, network } = input;
  const { members, offsets, committeesPerSlot } = ledger.committees;
  const firstSlot = input.epoch * spec.slotsPerEpoch;
  const emptySlots = emptySlotsOf(input.chain, firstSlot);
  const totals = emptyTotals();
  totals.validators = members.length;
  for (let slot = 0; slot < spec.slotsPerEpoch; slot += 1) {
    const counts = ledger.slotCounts(firstSlot + slot);
    totals.assigned += counts.assigned;
    totals.included += counts.included;
    totals.timelySource += counts.timelySource;
    totals.timelyTarget += counts.timelyTarget;
    totals.timelyHead += counts.timelyHead;
    const to = offsets[(slot + 1) * committeesPerSlot]!;
    for (let place = offsets[slot * committeesPerSlot]!; place < to; place += 1) {
      const delay = ledger.delay[place]!;
      totals.delaySum += delay;
      totals.effectiveDelaySum += delay <= 1 ? delay : delay - emptySlots(slot, delay);
      const validatorIndex = members[place]!;
      let duty = ledger.duty[place]!;
      if (isSlashed(validatorIndex)) {
        duty |= dutyBits.slashed;
        totals.slashed += 1;
      }
      if (network === undefined) continue;
      const stake = network.effectiveBalance[validatorIndex] ?? 0;
      totals.stake += stake;
      totals.stakeAssigned += stake;
      if ((duty & dutyBits.included) !== 0) totals.stakeIncluded += stake;
      if ((duty & dutyBits.timelyTarget) !== 0) totals.stakeTarget += stake;
      if ((duty & dutyBits.timelyHead) !== 0) totals.stakeHead += stake;
      if (table === undefined) continue;
      totals.earned += table.earned(stake, duty);
      totals.ideal += table.ideal(stake);
    }
  }
  const proposals = slots.filter((slot) => slot.slot > 0);
  totals.proposals = proposals.length;
  totals.proposed = proposals.filter((slot) => slot.block === "proposed").length;
  totals.syncDuties = sync.duties;
  totals.syncHits = sync.hits;
  totals.syncIdeal = sync.seatReward === undefined ? 0 : sync.duties * sync.seatReward;
  totals.syncEarned = sync.seatReward === undefined ? 0 : (2 * sync.hits - sync.duties) * sync.seatReward;
  return totals;
}
