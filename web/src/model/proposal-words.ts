import type { GroupStatus } from "../../../src/control/types.ts";
import { formatCount, formatDuration } from "./format.ts";

export interface ComingProposal {
  slot: number;
  validatorIndex: number;
  /** When its slot begins, ms since the epoch; `undefined` while the network is unknown. */
  at: number | undefined;
}

const shown = 5;

/** The next proposals of validators behind a group; those whose slot has ended are left out. */
export function comingProposals({ proposals, network }: GroupStatus, now: number): readonly ComingProposal[] {
  return (proposals ?? [])
    .map(({ slot, validatorIndex }) => ({
      slot,
      validatorIndex,
      at: network === undefined ? undefined : network.genesisTimeMs + slot * network.slotDurationMs,
    }))
    .filter(({ at }) => at === undefined || network === undefined || at + network.slotDurationMs > now)
    .sort((a, b) => a.slot - b.slot)
    .slice(0, shown);
}

/** "in 48 s", "now". */
export function untilWords({ at }: Pick<ComingProposal, "at">, now: number): string {
  if (at === undefined) return "at an unknown time";
  return at <= now ? "now" : `in ${formatDuration(at - now)}`;
}

/** "the proposal of slot 12,345 (in 48 s)", or nothing where none is known. */
export function nextProposalWords(group: GroupStatus, now: number): string | undefined {
  const [next] = comingProposals(group, now);
  return next && `the proposal of slot ${formatCount(next.slot)} (${untilWords(next, now)})`;
}
