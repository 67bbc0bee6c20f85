import type { DutySpec } from "../judge/duty-spec.ts";
import type { NextDuty } from "../types.ts";
import type { EpochFacts } from "./epoch-facts.ts";

/** Duties of the watched validators that are still to come, and up to which epoch proposals are known. */
export interface NextDuties {
  duties: readonly NextDuty[];
  knownToEpoch: number | undefined;
}

/**
 * Proposals of this epoch and the next (from Fulu on both are fixed, EIP-7917; before, the next one's may still change), and
 * seats in this sync-committee period and the next.
 */
export async function readNextDuties(
  facts: EpochFacts,
  spec: DutySpec,
  indices: Uint32Array,
  currentSlot: number,
  signal: AbortSignal,
): Promise<NextDuties> {
  const ours = new Set(indices);
  const epoch = Math.floor(Math.max(0, currentSlot) / spec.slotsPerEpoch);
  const duties: NextDuty[] = [];
  let knownToEpoch: number | undefined;
  for (const near of [epoch, epoch + 1]) {
    const proposers = await facts.proposers(near, signal);
    if (!proposers) break;
    knownToEpoch = near;
    for (const [position, validatorIndex] of proposers.entries()) {
      const slot = near * spec.slotsPerEpoch + position;
      if (slot >= currentSlot && ours.has(validatorIndex))
        duties.push({ kind: "proposal", validatorIndex, slot, untilSlot: slot + 1 });
    }
  }
  const length = spec.epochsPerSyncCommitteePeriod;
  for (const period of [Math.floor(epoch / length), Math.floor(epoch / length) + 1]) {
    const seats = await facts.syncCommittee(Math.max(period * length, epoch), signal);
    const slot = period * length * spec.slotsPerEpoch;
    for (const validatorIndex of new Set(seats))
      if (ours.has(validatorIndex))
        duties.push({ kind: "sync", validatorIndex, slot, untilSlot: slot + length * spec.slotsPerEpoch });
  }
  duties.sort((a, b) => a.slot - b.slot || a.validatorIndex - b.validatorIndex);
  return { duties, knownToEpoch };
}
