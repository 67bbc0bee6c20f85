import type { SlaReasonCode } from "./reasons.ts";
import type { SlaStanding } from "./types.ts";

const minuteMs = 60_000;

export interface Forecast {
  reason: SlaReasonCode;
  /** For a person: "Breaches in 3 h 10 m at the present burn; 40 % of the budget is used." */
  sentence: string;
}

/** What a standing means for the rest of its window, at `now` (ms since 1970). */
export function forecastSentence(standing: SlaStanding, now: number): Forecast {
  const { reason, sentence } = judged(standing, now);
  const { unknownEpochs } = standing;
  if (unknownEpochs === 0) return { reason, sentence };
  const unknown =
    unknownEpochs === 1 ? "1 epoch is unknown and counts" : `${unknownEpochs} epochs are unknown and count`;
  return { reason, sentence: `${sentence} ${unknown} neither way.` };
}

function judged({ assigned, budget, budgetUsed, burnRate, breachesAt, window }: SlaStanding, now: number): Forecast {
  const used = `${percent(budgetUsed)} of the budget is used`;
  if (assigned === 0 && budget === 0) return { reason: "nothing-asked", sentence: "No duty is known in this window." };
  if (budgetUsed > 1) {
    const since = breachesAt === undefined || breachesAt > now ? "" : ` since ${span(now - breachesAt)}`;
    return { reason: "budget-used-up", sentence: `Breached${since}: ${used}.` };
  }
  if (window.toAt <= now) return { reason: "budget-holds", sentence: `The window has ended: ${used}.` };
  if (burnRate === undefined)
    return { reason: "burn-unknown", sentence: `Nothing is known of the last hour, so no forecast; ${used}.` };
  if (breachesAt !== undefined)
    return {
      reason: "budget-running-out",
      sentence: `Breaches in ${span(breachesAt - now)} at the present burn; ${used}.`,
    };
  return { reason: "budget-holds", sentence: `The budget lasts to the window's end at the present burn; ${used}.` };
}

/** The two largest units: "3 h 10 m", "2 d 4 h", "5 m", "under a minute". */
function span(ms: number): string {
  const minutes = Math.floor(ms / minuteMs);
  if (minutes < 1) return "under a minute";
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes % 60 > 0 ? `${hours} h ${minutes % 60} m` : `${hours} h`;
  return `${minutes} m`;
}

/** Rounded down: 99.99 % used is not shown as 100 %. */
function percent(share: number): string {
  const value = share * 100;
  return value >= 10 || value === 0 ? `${Math.floor(value)} %` : `${(Math.floor(value * 10) / 10).toFixed(1)} %`;
}
