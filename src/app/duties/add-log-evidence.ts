import { slotStartAt, type ChainTiming } from "../../chain/slot-clock.ts";
import type { CauseOf } from "../../duties/judge/lost-duty.ts";
import type { CauseEvidence } from "../../duties/types.ts";

/** Known lines of one node's log, or of one validator client's, read from an instant to another. */
export type LogEvidence = (
  about: { node?: string; validatorClient?: string },
  fromAt: number,
  toAt: number,
) => readonly CauseEvidence[];

/** Lines are added to one finding at most. */
const mostRows = 3;

/**
 * Adds to each finding what the logs of the nodes that it names, and of the validator's own client, said around the slot.
 * They corroborate: no line makes or changes a cause. For one epoch; lines are looked up once for each slot and log.
 */
export function addLogEvidence(
  causeOf: CauseOf,
  timing: ChainTiming,
  evidenceFor: LogEvidence,
  clientOf: (validatorIndex: number) => string | undefined,
): CauseOf {
  const found = new Map<string, readonly CauseEvidence[]>();

  function linesOf(about: { node?: string; validatorClient?: string }, slot: number): readonly CauseEvidence[] {
    const key = `${slot}/${about.node ?? ""}/${about.validatorClient ?? ""}`;
    const known = found.get(key);
    if (known) return known;
    const lines = evidenceFor(about, slotStartAt(timing, slot - 1), slotStartAt(timing, slot + 2));
    found.set(key, lines);
    return lines;
  }

  return (lost, context) => {
    const finding = causeOf(lost, context);
    const nodes = new Set(finding.evidence.flatMap(({ origin }) => /^node:(.+)$/.exec(origin)?.[1] ?? []));
    const validatorClient = clientOf(lost.validatorIndex);
    const rows = [
      ...[...nodes].flatMap((node) => linesOf({ node }, lost.slot)),
      ...(validatorClient === undefined ? [] : linesOf({ validatorClient }, lost.slot)),
    ].slice(0, mostRows);
    return rows.length === 0 ? finding : { ...finding, evidence: [...finding.evidence, ...rows] };
  };
}
