import { coinsOfIncrements, formatGwei, formatPoints, formatShare, shareOf, signed } from "./amounts.ts";
import { comparable, isBetterHigh, type CohortFigures, type CountedBy, type FigureKey } from "./cohorts.ts";
import type { DutyTotals } from "../../../src/duties/types.ts";
import { formatCount } from "./format.ts";

export interface CohortColumn {
  key: FigureKey;
  title: string;
  /** What it is, for the title of its head. */
  means: string;
}

export const cohortColumns: readonly CohortColumn[] = [
  { key: "validators", title: "Validators", means: "Validators of the newest epoch" },
  { key: "stake", title: "Stake", means: "Sum of effective balances of the newest epoch" },
  { key: "uptime", title: "Uptime", means: "Attestations included, of those assigned" },
  {
    key: "effectiveness",
    title: "Effectiveness",
    means: "Attestation rewards earned, of those that perfect votes would have earned",
  },
  { key: "missed", title: "Missed", means: "Attestations that no canonical block included in time" },
  {
    key: "wrongHead",
    title: "Wrong head",
    means: "Included attestations without the timely-head flag: another head, or late",
  },
  { key: "delay", title: "Delay", means: "Average inclusion delay in slots, slots without a block excused" },
  { key: "sync", title: "Sync", means: "Sync-committee signatures in blocks, of those asked" },
  { key: "proposals", title: "Blocks", means: "Blocks proposed, of those due" },
  { key: "lost", title: "Lost", means: "Gwei lost against perfect duties: attestations and sync committee" },
];

/** A figure as it stands in the table; `coin` names the chain's. */
export function figureText(key: FigureKey, totals: DutyTotals, figures: CohortFigures, by: CountedBy, coin: string) {
  const value = figures[key];
  if (key === "proposals" && totals.proposals === 0) return "none due";
  if (key === "sync" && totals.syncDuties === 0) return "none due";
  if (value === undefined) return "unknown";
  switch (key) {
    case "validators":
      return formatCount(value);
    case "stake":
      return value === 0 ? "unknown" : coinsOfIncrements(value, coin);
    case "missed":
    case "wrongHead":
      // Stake summed over epochs is no amount that anybody knows: its share is.
      return by === "stake" ? formatShare(shareOf(value, totals.stakeAssigned)) : formatCount(value);
    case "delay":
      return value.toFixed(2);
    case "proposals":
      return `${formatCount(totals.proposed)} of ${formatCount(totals.proposals)}`;
    case "lost":
      return formatGwei(value, coin);
    case "uptime":
    case "effectiveness":
    case "sync":
      return formatShare(value);
  }
}

export interface Compared {
  /** "+0.03": points, slots, or share; `undefined` where one side is unknown. */
  text: string | undefined;
  /** It is worse, by more than nothing to speak of. */
  isWorse: boolean;
}

/** Points of a percent and slots below these are noise. */
const worthSaying = { share: 0.002, delay: 0.05 };

interface Side {
  totals: DutyTotals;
  figures: CohortFigures;
}

/** One figure against another set's, or against the period before: shares in points, delay in slots, sizes not at all. */
export function compareFigure(key: FigureKey, own: Side, other: Side | undefined, by: CountedBy): Compared {
  const nothing = { text: undefined, isWorse: false };
  if (key === "validators" || key === "stake" || key === "lost" || other === undefined) return nothing;
  const [a, b] = [comparable(own.figures, key, own.totals, by), comparable(other.figures, key, other.totals, by)];
  if (a === undefined || b === undefined) return nothing;
  const worse = isBetterHigh(key) ? b - a : a - b;
  if (key === "delay")
    return { text: signed(a - b, (size) => size.toFixed(2), 0.005), isWorse: worse > worthSaying.delay };
  return { text: formatPoints(a - b), isWorse: worse > worthSaying.share };
}
