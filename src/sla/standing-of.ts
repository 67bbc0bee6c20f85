import type { ChainTiming } from "../chain/slot-clock.ts";
import type { SlaEpoch, SlaStanding, SlaWindow } from "./types.ts";
import { windowEpochs, type WindowEpochs } from "./window-epochs.ts";

const hourMs = 3_600_000;
/** Targets are kept to four digits after the point of a percentage, so that all counting is in whole numbers. */
const whole = 1_000_000;

export interface StandingInput {
  /** Each epoch at most once, in any order, holes allowed; those before the window only tell the burn. */
  epochs: readonly SlaEpoch[];
  window: SlaWindow;
  /** Ms since 1970. */
  now: number;
  /** Agreed uptime, 0 to 1. */
  target: number;
  timing: ChainTiming;
  /** Attestations of each epoch that is still to come; those of the newest known epoch unless given. */
  dutiesPerEpoch?: number;
}

/**
 * How a customer stands in a window: sums of duties, never averages of percentages. An epoch belongs to the window in which it
 * begins. Epochs without data count neither as up nor as down, neither in the uptime nor in the budget.
 */
export function standingOf(input: StandingInput): SlaStanding {
  const { window, target, timing } = input;
  const at = windowEpochs(input.epochs, window, input.now, timing);
  const sums = { assigned: 0, included: 0, earned: 0, ideal: 0, epochs: 0 };
  for (const { assigned, included, earned, ideal, epochs = 1 } of at.inWindow) {
    sums.assigned += assigned;
    sums.included += included;
    sums.earned += earned;
    sums.ideal += ideal;
    sums.epochs += epochs;
  }
  const missed = sums.assigned - sums.included;
  const perEpoch = Math.floor(input.dutiesPerEpoch ?? at.newestDuties);
  const budget = budgetOf(sums.assigned + at.toCome * perEpoch, target);
  const recent = burnOf(at, Math.ceil(hourMs / at.epochMs));
  return {
    window,
    target,
    uptime: share(sums.included, sums.assigned),
    effectiveness: share(sums.earned, sums.ideal),
    ...{ assigned: sums.assigned, missed },
    budget: budget / whole,
    budgetUsed: usedOf(missed, budget),
    burnRate: rateOf(recent, target),
    burnRateLong: rateOf(burnOf(at, Math.ceil((6 * hourMs) / at.epochMs)), target),
    breachesAt:
      missed * whole > budget ? breachedAt(at, budget) : forecast(at, input.now, budget, missed, perEpoch, recent),
    unknownEpochs: at.passed - sums.epochs,
  };
}

/** Misses that are allowed, in millionths of a miss. */
function budgetOf(duties: number, target: number): number {
  return duties * (whole - Math.round(target * whole));
}

/** With no budget at all every miss is one more than there is. */
function usedOf(missed: number, budget: number): number {
  if (budget > 0) return (missed * whole) / budget;
  return missed > 0 ? 1 + missed : 0;
}

interface Burn {
  assigned: number;
  missed: number;
}

/** Known duties of the last epochs that could be known. */
function burnOf({ known, upTo }: WindowEpochs, count: number): Burn {
  const burn = { assigned: 0, missed: 0 };
  for (const { epoch, assigned, included, epochs = 1 } of known)
    if (epochs === 1 && epoch > upTo - count && epoch <= upTo) {
      burn.assigned += assigned;
      burn.missed += assigned - included;
    }
  return burn;
}

function rateOf({ assigned, missed }: Burn, target: number): number | undefined {
  return assigned === 0 ? undefined : usedOf(missed, budgetOf(assigned, target));
}

/** The end of the epoch whose misses went over the budget, by what the budget is now. */
function breachedAt({ inWindow, startOf }: WindowEpochs, budget: number): number | undefined {
  let missed = 0;
  for (const { epoch, assigned, included, epochs = 1 } of inWindow) {
    missed += assigned - included;
    if (missed * whole > budget) return startOf(epoch + epochs);
  }
  return undefined;
}

/** In whole numbers, rounded down to ms: as many misses as in the last hour, of as many duties, until nothing is left. */
function forecast(
  { upTo, toCome, epochMs, startOf }: WindowEpochs,
  now: number,
  budget: number,
  missed: number,
  perEpoch: number,
  recent: Burn,
): number | undefined {
  if (recent.missed <= 0 || perEpoch <= 0) return undefined;
  const left = BigInt(budget) - BigInt(missed) * BigInt(whole);
  const perMs = BigInt(perEpoch) * BigInt(recent.missed) * BigInt(whole);
  const lasts = Number((left * BigInt(recent.assigned) * BigInt(epochMs)) / perMs);
  return lasts < toCome * epochMs ? Math.max(now, startOf(upTo + 1) + lasts) : undefined;
}

function share(part: number, of: number): number | undefined {
  return of === 0 ? undefined : part / of;
}
