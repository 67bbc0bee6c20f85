import type { SlaStanding } from "../../../src/sla/types.ts";
import { formatDuration } from "./format.ts";
import type { Tone } from "./shown-state.ts";

export interface SlaWords {
  tone: Tone;
  text: string;
  /** Share of the budget that is left, 0 to 1. */
  left: number | undefined;
}

/** What the budget of a window comes to: breached, when it will be, or that it lasts. Nothing asked yet is unknown, not fine. */
export function slaWords(standing: SlaStanding, now: number): SlaWords {
  if (standing.assigned === 0) return { tone: "unknown", text: "no duty judged yet", left: undefined };
  const left = Math.max(0, 1 - standing.budgetUsed);
  if (standing.budgetUsed > 1) return { tone: "bad", text: "breached", left: 0 };
  if (standing.breachesAt !== undefined)
    return { tone: "warn", text: `breaches in ${formatDuration(standing.breachesAt - now)}`, left };
  return { tone: "fine", text: "lasts", left };
}
