import { dutyBits, type EpochColumns, type RewardSource } from "../types.ts";
import type { JudgeInput } from "./judge-input.ts";
import { knownRoot } from "./judge-vote.ts";
import { addBits, newCounts } from "./duty-counts.ts";
import type { DutyCounts, LostAttestation } from "./lost-duty.ts";

/** Attestations of the watched set that were not perfect, with everything the chain says of them; by slot, then index. */
export function lostAttestations(input: JudgeInput, columns: EpochColumns, rewards: RewardSource): LostAttestation[] {
  const { ledger, spec, epoch, chain } = input;
  const targetRoot = once(() => knownRoot(chain, epoch * spec.slotsPerEpoch));
  const own = once(() => ownCounts(input, columns));
  const slotFacts = remember((slot: number) => ({
    expected: { headRoot: knownRoot(chain, slot), targetRoot: targetRoot() },
    firstChance: firstBlockAfter(input, slot),
    slotNetwork: ledger.slotCounts(slot),
    slotOwn: own().get(slot) ?? newCounts(),
    slotVotes: ledger.votesOf(slot),
    committees: remember((committee: number): DutyCounts => ledger.committeeCounts(slot, committee)),
  }));
  const lost: LostAttestation[] = [];
  for (let i = 0; i < columns.indices.length; i += 1) {
    const duty = columns.duty[i]!;
    if ((duty & dutyBits.assigned) === 0) continue;
    const delay = columns.delay[i]!;
    const effectiveDelay = delay - columns.emptySlots[i]!;
    if (duty === perfect && effectiveDelay <= 1) continue;
    if (input.state === "live" && (duty & dutyBits.included) === 0) continue;
    const validatorIndex = columns.indices[i]!;
    const place = ledger.placeOf(validatorIndex)!;
    const voted = ledger.voteOf(place);
    const outcome = outcomeOf(duty, effectiveDelay, voted?.isHeadRight ?? false);
    if (outcome === undefined) continue;
    const { slot, committee, position } = ledger.seatOf(place);
    const { committees, ...facts } = slotFacts(slot);
    lost.push({
      kind: "attestation",
      epoch,
      slot,
      validatorIndex,
      outcome,
      detail: delay,
      seat: { committee, position },
      duty,
      emptySlots: columns.emptySlots[i]!,
      lost: rewards === "none" ? undefined : columns.ideal[i]! - columns.earned[i]!,
      voted:
        voted === undefined
          ? undefined
          : { headRoot: voted.headRoot, source: voted.source, target: voted.target, blockSlot: voted.blockSlot },
      committeeNetwork: committees(committee),
      ...facts,
    });
  }
  return lost.sort((a, b) => a.slot - b.slot || a.validatorIndex - b.validatorIndex);
}

const perfect =
  dutyBits.assigned | dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget | dutyBits.timelyHead;

/** The worst that can be said; `undefined`: a head that only empty slots kept from being timely, which nobody can help. */
function outcomeOf(duty: number, effectiveDelay: number, isHeadRight: boolean): LostAttestation["outcome"] | undefined {
  if ((duty & dutyBits.slashed) !== 0) return "slashed";
  if ((duty & dutyBits.included) === 0) return "missed";
  if ((duty & dutyBits.timelyTarget) === 0) return "wrong-target";
  if ((duty & dutyBits.timelyHead) === 0 && !isHeadRight) return "wrong-head";
  if (effectiveDelay > 1 || (duty & dutyBits.timelySource) === 0) return "late";
  return undefined;
}

/** By slot, of the columns: the ledger may have been made for another watched set. */
function ownCounts({ ledger }: JudgeInput, columns: EpochColumns): ReadonlyMap<number, DutyCounts> {
  const bySlot = new Map<number, DutyCounts>();
  for (let i = 0; i < columns.indices.length; i += 1) {
    const place = ledger.placeOf(columns.indices[i]!);
    if (place === undefined) continue;
    const { slot } = ledger.seatOf(place);
    const counts = bySlot.get(slot) ?? newCounts();
    bySlot.set(slot, counts);
    counts.assigned += 1;
    addBits(counts, columns.duty[i]!);
  }
  return bySlot;
}

function firstBlockAfter(input: JudgeInput, slot: number): { slot: number; root: string } | undefined {
  const block = input.blocks.find((it) => it.slot > slot);
  return block === undefined ? undefined : { slot: block.slot, root: block.root };
}

function remember<T>(compute: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = compute(key);
      known.set(key, value);
    }
    return value;
  };
}

function once<T>(compute: () => T): () => T {
  const remembered = remember(compute);
  return () => remembered(0);
}
