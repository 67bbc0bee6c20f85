import { forkAt } from "../../chain/fork-at.ts";
import { AppError } from "../../lib/app-error.ts";
import type { DutyException, EpochResult, SlashingOutcome } from "../types.ts";
import { judgeColumns } from "./attestation-columns.ts";
import { cohortTotals } from "./cohort-totals.ts";
import type { JudgeInput } from "./judge-input.ts";
import { lostAttestations } from "./lost-attestations.ts";
import { unknownCause, type LostContext, type LostDuty } from "./lost-duty.ts";
import { networkTotals } from "./network-totals.ts";
import { proposalOutcomes, type JudgedProposal } from "./proposal-outcomes.ts";
import { slotOutcomes } from "./slot-outcomes.ts";
import { syncOutcomes, type JudgedSync } from "./sync-outcomes.ts";

/**
 * Judges one epoch from what is known of it. Pure. In state `live`, attestations that may still be included are no
 * exceptions, and slots after the newest block are left out.
 *
 * @throws AppError `judge-input` where the parts are of different epochs, `judge-root-unknown` where the view does not reach
 * back far enough.
 */
export function judgeEpoch(input: JudgeInput): EpochResult {
  const { epoch, spec, ledger, watched } = input;
  refuseMixedParts(input);
  const caveats: string[] = [];
  const positionOf = positionIn(watched.indices);
  const isSlashed = slashedBy(input);

  const { columns, rewards, table, caveats: columnCaveats } = judgeColumns(input, isSlashed);
  caveats.push(...columnCaveats);
  if (ledger.undecidedPayloads > 0) caveats.push("gloas-payload-unknown");
  const slots = slotOutcomes(input, caveats);
  const proposals = proposalOutcomes(input, slots, positionOf, caveats);
  const sync = syncOutcomes(input, positionOf, caveats);
  const slashings = slashingsOf(input, positionOf);
  const network = networkTotals(input, isSlashed, table, slots, sync.tally);
  const syncResults = sync.judged.map(({ outcome }) => outcome);

  const lost: LostDuty[] = [
    ...slashings.map((slashing) => ({
      kind: "slashing" as const,
      epoch,
      outcome: "slashed" as const,
      detail: 0 as const,
      lost: undefined,
      ...slashing,
    })),
    ...lostProposals(epoch, proposals),
    ...lostSync(epoch, sync.judged),
    ...lostAttestations(input, columns, rewards),
  ];
  const context: LostContext = { epoch, slots, chain: input.chain, orphans: input.orphans, network };
  const causeOf = input.causeOf ?? unknownCause;
  return {
    epoch,
    state: input.state,
    judgedAt: input.judgedAt,
    headRoot: input.chain.rootAt((epoch + 2) * spec.slotsPerEpoch - 1) ?? "",
    fork: forkAt(spec, epoch)?.name ?? input.blocks.at(-1)?.fork ?? "phase0",
    rewards,
    caveats: [...new Set(caveats)].sort(),
    slots,
    network,
    cohorts: cohortTotals(columns, input.cohorts, proposals, syncResults, positionOf),
    columns,
    proposals: proposals.map(({ proposal }) => proposal),
    sync: syncResults,
    slashings,
    exceptions: lost.map((duty): DutyException => ({
      epoch,
      slot: duty.slot,
      validatorIndex: duty.validatorIndex,
      kind: duty.kind,
      outcome: duty.outcome,
      detail: duty.detail,
      lost: duty.lost,
      cause: causeOf(duty, context),
      ...(duty.kind === "attestation" && { place: ledger.placeOf(duty.validatorIndex)! }),
    })),
    committeesPerSlot: ledger.committees.committeesPerSlot,
  };
}

function refuseMixedParts({ epoch, ledger, watched, blocks, spec }: JudgeInput): void {
  const refuse = (why: string): never => {
    throw new AppError(`judge epoch ${epoch}: ${why}; collect its parts again`, { code: "judge-input" });
  };
  if (ledger.epoch !== epoch) refuse(`its attestations are of epoch ${ledger.epoch}`);
  const firstSlot = epoch * spec.slotsPerEpoch;
  const endSlot = firstSlot + 2 * spec.slotsPerEpoch;
  const newest = blocks.findLast(({ slot }) => slot >= firstSlot && slot < endSlot)?.slot ?? -1;
  if (newest > ledger.appliedSlot) refuse(`attestations were read up to slot ${ledger.appliedSlot} of ${newest}`);
  for (const column of [watched.effectiveBalance, watched.balance, watched.slashed])
    if (column !== undefined && column.length !== watched.indices.length)
      refuse("there are not as many balances as validators");
}

/** Place of an index in a rising list. */
function positionIn(indices: Uint32Array): (validatorIndex: number) => number | undefined {
  return (validatorIndex) => {
    let low = 0;
    let high = indices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (indices[middle]! < validatorIndex) low = middle + 1;
      else high = middle;
    }
    return indices[low] === validatorIndex ? low : undefined;
  };
}

/** Slashed before rewards are paid: as the states say, and by any block up to the end of N + 1. */
function slashedBy({ blocks, network, watched }: JudgeInput): (validatorIndex: number) => boolean {
  const slashed = new Set(blocks.flatMap((block) => [...block.proposerSlashed, ...block.attesterSlashed]));
  watched.slashed?.forEach((isSlashed, position) => {
    if (isSlashed === 1) slashed.add(watched.indices[position]!);
  });
  return (validatorIndex) =>
    network?.slashed?.[validatorIndex] === 1 || (slashed.size > 0 && slashed.has(validatorIndex));
}

/** Several slashings may name the same validator (`process_attester_slashing` passes over it): the first one counts. */
function slashingsOf(
  { blocks, epoch, spec, slashedBefore }: JudgeInput,
  positionOf: (validatorIndex: number) => number | undefined,
): SlashingOutcome[] {
  const named = new Set<number>();
  return blocks
    .filter(({ slot }) => Math.floor(slot / spec.slotsPerEpoch) === epoch)
    .flatMap(({ slot, proposerSlashed, attesterSlashed }) => [
      ...proposerSlashed.map((validatorIndex) => ({ slot, validatorIndex, offence: "proposer" as const })),
      ...attesterSlashed.map((validatorIndex) => ({ slot, validatorIndex, offence: "attester" as const })),
    ])
    .filter(({ validatorIndex }) => {
      const isFirst = !named.has(validatorIndex) && slashedBefore?.(validatorIndex) !== true;
      named.add(validatorIndex);
      return isFirst && positionOf(validatorIndex) !== undefined;
    });
}

function lostProposals(epoch: number, judged: readonly JudgedProposal[]): LostDuty[] {
  return judged.flatMap(({ proposal, wrong }): LostDuty[] => {
    if (wrong === undefined) return [];
    const { slot, validatorIndex, root, feeRecipient, relay, valuePaid, valuePromised } = proposal;
    const unpaid = wrong === "underpaid" ? (valuePromised ?? 0) - (valuePaid ?? 0) : undefined;
    const lost = proposal.lost ?? unpaid;
    return [
      { kind: "proposal", epoch, slot, validatorIndex, outcome: wrong, detail: 0, root, feeRecipient, relay, lost },
    ];
  });
}

function lostSync(epoch: number, judged: readonly JudgedSync[]): LostDuty[] {
  return judged.flatMap(({ outcome, missedSlots, network }): LostDuty[] => {
    const [slot] = missedSlots;
    if (slot === undefined) return [];
    const { validatorIndex, duties, hits, earned, ideal } = outcome;
    const lost = earned === undefined || ideal === undefined ? undefined : ideal - earned;
    const detail = duties - hits;
    return [
      { kind: "sync", epoch, slot, validatorIndex, outcome: "sync-missed", detail, duties, missedSlots, network, lost },
    ];
  });
}
