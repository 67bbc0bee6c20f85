import { forkAt } from "../../chain/fork-at.ts";
import { dutyBits, type BlockFacts, type DutyInclusion, type DutyProof, type EpochState } from "../types.ts";
import type { CanonicalView } from "./canonical-view.ts";
import { runsOf, type CommitteeIndex } from "./committee-index.ts";
import type { DutySpec } from "./duty-spec.ts";
import { isForkFrom, isParentFull, judgeVote, knownRoot, lastInclusionSlot } from "./judge-vote.ts";
import { isBitSet } from "./visit-bits.ts";

export interface ProofInput {
  validatorIndex: number;
  epoch: number;
  state: EpochState;
  spec: DutySpec;
  seats: CommitteeIndex;
  seatFrom: DutyProof["seatFrom"];
  /** Canonical blocks of epochs N and N + 1, oldest first; from Gloas on also the last one before N. */
  blocks: readonly BlockFacts[];
  chain: CanonicalView;
  isSlashed: boolean;
}

/**
 * Every step by which a stranger can check one attestation duty. Pure.
 *
 * @throws AppError as `createEpochLedger` and its `apply` do.
 */
export function proveDuty(input: ProofInput): DutyProof {
  const { validatorIndex, epoch, state, spec, seats, seatFrom, chain } = input;
  const place = seats.placeOf(validatorIndex);
  const slashed = input.isSlashed ? dutyBits.slashed : 0;
  const nothing = { examined: [], inclusions: [], delay: 0, emptySlots: 0 };
  if (place === undefined)
    return {
      validatorIndex,
      epoch,
      state,
      seatFrom,
      duty: undefined,
      expected: undefined,
      duties: slashed,
      ...nothing,
    };

  const duty = seats.seatOf(place);
  const firstSlot = epoch * spec.slotsPerEpoch;
  const lastSlot = Math.min(
    lastInclusionSlot(spec, duty.slot, forkAt(spec, epoch + 1)?.name ?? input.blocks.at(-1)?.fork ?? "deneb"),
    state === "live" ? (chain.head?.slot ?? -1) : Infinity,
  );
  const inclusions: DutyInclusion[] = [];
  for (const [at, block] of input.blocks.entries()) {
    if (block.slot <= duty.slot || block.slot > lastSlot) continue;
    const isFull = isForkFrom(block.fork, "gloas") ? isParentFull(block, input.blocks[at - 1]) : undefined;
    for (const [attestation, vote] of block.attestations.entries()) {
      if (vote.slot !== duty.slot) continue;
      const verdict = judgeVote(spec, vote, block, chain, isFull);
      if (verdict === undefined) continue;
      const runs = runsOf(seats, seats.committeesPerSlot, duty.slot - firstSlot, vote);
      const run = runs.find((it) => place >= it.place && place < it.place + it.toBit - it.fromBit);
      if (run === undefined) continue;
      const bit = run.fromBit + place - run.place;
      if (!isBitSet(vote.bits, bit)) continue;
      const { headRoot, source, target } = vote;
      inclusions.push({
        blockSlot: block.slot,
        blockRoot: block.root,
        attestation,
        bit,
        headRoot,
        source,
        target,
        delay: verdict.delay,
        duties: verdict.flags,
      });
    }
  }
  const delay = inclusions[0]?.delay ?? 0;
  return {
    validatorIndex,
    epoch,
    state,
    seatFrom,
    duty,
    expected: { headRoot: knownRoot(chain, duty.slot), targetRoot: knownRoot(chain, firstSlot) },
    examined: slotsBetween(duty.slot + spec.minAttestationInclusionDelay, lastSlot).map((slot) => ({
      slot,
      root: chain.hasBlock(slot) ? chain.rootAt(slot) : undefined,
    })),
    inclusions,
    duties: inclusions.reduce((bits, it) => bits | it.duties, dutyBits.assigned | slashed),
    delay: Math.min(delay, 255),
    emptySlots: delay === 0 ? 0 : Math.min(254, chain.emptyBetween(duty.slot, duty.slot + Math.min(delay, 255))),
  };
}

function slotsBetween(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
