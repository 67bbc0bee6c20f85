import type { ValidatorEpoch } from "../../../src/api/contract-duties.ts";
import type * as duties from "../../../src/duties/types.ts";
import { formatCount, plural } from "./format.ts";
import { heatCells } from "./heat-cells.ts";
import type { Tone } from "./shown-state.ts";

/** The bits of the contract; typed by it. */
export const dutyBits: typeof duties.dutyBits = {
  assigned: 1,
  included: 2,
  timelySource: 4,
  timelyTarget: 8,
  timelyHead: 16,
  slashed: 32,
};

const hasBit = (duty: number, bit: number): boolean => (duty & bit) !== 0;

export interface FlagWord {
  word: "source" | "target" | "head";
  isTimely: boolean;
}

/** The three flags of a vote that was included; none of one that was not. */
export function flagWords(duty: number): readonly FlagWord[] {
  if (!hasBit(duty, dutyBits.included)) return [];
  return [
    { word: "source", isTimely: hasBit(duty, dutyBits.timelySource) },
    { word: "target", isTimely: hasBit(duty, dutyBits.timelyTarget) },
    { word: "head", isTimely: hasBit(duty, dutyBits.timelyHead) },
  ];
}

/** The cell of the heatmap that a duty is, as the server makes it (`heatCellOf`): page and picture never differ. */
export function cellOfDuty(duty: number, effectiveDelay: number): number {
  if (hasBit(duty, dutyBits.slashed)) return heatCells.slashed;
  if (!hasBit(duty, dutyBits.assigned)) return heatCells.unassigned;
  if (!hasBit(duty, dutyBits.included)) return heatCells.missed;
  if (!hasBit(duty, dutyBits.timelyTarget)) return heatCells.wrongTarget;
  if (hasBit(duty, dutyBits.timelyHead)) return heatCells.perfect;
  return effectiveDelay > 1 || !hasBit(duty, dutyBits.timelySource) ? heatCells.late : heatCells.wrongHead;
}

/** One word for a duty, and how loud it is. */
export function dutyVerdict(duty: number, effectiveDelay: number): { word: string; tone: Tone } {
  switch (cellOfDuty(duty, effectiveDelay)) {
    case heatCells.slashed:
      return { word: "slashed", tone: "bad" };
    case heatCells.missed:
      return { word: "missed", tone: "bad" };
    case heatCells.wrongTarget:
      return { word: "wrong target", tone: "warn" };
    case heatCells.late:
      return { word: "late", tone: "warn" };
    case heatCells.wrongHead:
      return { word: "wrong head", tone: "warn" };
    case heatCells.perfect:
      return { word: "perfect", tone: "fine" };
    default:
      return { word: "no duty", tone: "aside" };
  }
}

/** "1 slot", or "3 slots, 1 without excuse" where empty slots excuse the rest. */
export function delayWords({ duty, delay, emptySlots }: Pick<ValidatorEpoch, "duty" | "delay" | "emptySlots">): string {
  if (!hasBit(duty, dutyBits.included) || delay === 0) return "–";
  const told = delay === 255 ? "255 slots or more" : plural(delay, "slot");
  return emptySlots === 0 ? told : `${told}, ${formatCount(delay - emptySlots)} effective`;
}

/** Of the duties of an epoch that are not attestations: "proposed slot 12", "sync 30 of 32". */
export function otherDuties({ proposals, sync }: Pick<ValidatorEpoch, "proposals" | "sync">): readonly string[] {
  return [
    ...proposals.map(({ slot, outcome }) => `block of slot ${formatCount(slot)} ${outcome.replaceAll("-", " ")}`),
    ...(sync === undefined ? [] : [`sync ${formatCount(sync.hits)} of ${formatCount(sync.duties)}`]),
  ];
}

export const outcomeWords = (outcome: duties.ExceptionOutcome): string => outcome.replaceAll("-", " ");

/** "0x8f3c…a1b2"; what is short stays whole. */
export const shortKey = (key: string): string => (key.length <= 14 ? key : `${key.slice(0, 8)}…${key.slice(-4)}`);

/** Commands that ask any beacon node for the same facts. `$BEACON` is its address. */
export function proofCommands(proof: duties.DutyProof): readonly { does: string; command: string }[] {
  const { duty, validatorIndex, epoch, seatFrom } = proof;
  const commands = [
    {
      does: "Explain it again in a terminal",
      command: `slotkeeper validators why ${validatorIndex} --epoch ${epoch}`,
    },
  ];
  if (duty !== undefined)
    commands.push({
      does: `Who sat at position ${duty.position} of committee ${duty.committee}: prints ${validatorIndex}${seatFrom === "record" ? ", at an archive node" : ""}`,
      command: `curl -s "$BEACON/eth/v1/beacon/states/${duty.slot}/committees?epoch=${epoch}&slot=${duty.slot}&index=${duty.committee}" | jq -r '.data[0].validators[${duty.position}]'`,
    });
  for (const { blockRoot, blockSlot, attestation } of proof.inclusions)
    commands.push({
      does: `Attestation ${attestation} of the block of slot ${formatCount(blockSlot)}`,
      command: `curl -s "$BEACON/eth/v2/beacon/blocks/${blockRoot}" | jq '.data.message.body.attestations[${attestation}]'`,
    });
  return commands;
}
