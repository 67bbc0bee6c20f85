import type { Fact } from "../../alerts/fact.ts";
import type { Labels } from "../../alerts/labels.ts";
import { performanceFacts, performanceOf, type RecentEpoch } from "../../alerts/underperforming.ts";
import type { DutyTotals } from "../../duties/types.ts";
import type { WatchedFleet } from "../duties/watched-set.ts";
import { aligned, cohortKey, subjectKeys, unknownOutcomes, type KeptEpoch } from "./kept-epoch.ts";
import { sumOver, type RecentDuties } from "./recent-duties.ts";
import { epochsPerHour, judgeableAt, type EpochTiming } from "./types.ts";

/** Cohorts that facts are made for; the inventory's order puts labels with a meaning and large cohorts first. */
export const maxFactCohorts = 1_000;
/** Shares of fewer validators than this jump about: one wrong vote of three is 33 %. */
const minCohort = 20;
const balanceEpochs = 6;
const recentEpochs = 3;
/** Extra slots per attestation below which "usual" is too small to be a measure. */
const leastUsual = 0.005;

export interface DutyFactInput {
  recent: RecentDuties;
  watched: Pick<WatchedFleet, "indices" | "cohorts">;
  timing: EpochTiming;
  /** Usual extra inclusion slots per attestation of a cohort (`cohortKey`); `undefined`: not known. */
  usualLateness(key: string): number | undefined;
}

/** Everything about one set of validators. */
interface Subject {
  key: string;
  labels: Labels;
  cohort: { key: string; value: string } | undefined;
  members: Uint32Array | undefined;
}

/** Columns of the last epochs, all in the order of the watched validators. */
interface Lined {
  last: readonly RecentEpoch[];
  stake: Uint16Array;
  inclusion: Uint8Array;
  /** Gwei over the last epochs; NaN where one of them is not known. */
  net: Float64Array;
}

/**
 * What the newest judged epochs say about all watched validators and about each cohort. `at` is when the newest of them
 * could be judged, however late it was: what is read back after a pause is old, and stays old.
 */
export function dutyFacts(input: DutyFactInput): Fact[] {
  const { recent, watched, timing } = input;
  const { newest } = recent;
  if (!newest || watched.indices.length === 0) return [];
  const at = judgeableAt(timing, newest.epoch);
  const lined = lineUp(recent, newest, watched.indices);
  return subjectsOf(watched).flatMap((subject) => subjectFacts(input, newest, lined, subject, at));
}

function subjectsOf({ cohorts }: DutyFactInput["watched"]): Subject[] {
  const all: Subject = { key: "", labels: {}, cohort: undefined, members: undefined };
  const subjects = cohorts
    .filter(({ key }) => (subjectKeys as readonly string[]).includes(key))
    .slice(0, maxFactCohorts)
    .map(({ key, value, members }) => ({
      ...{ key: cohortKey(key, value), labels: { [key]: value }, cohort: { key, value }, members },
    }));
  return [all, ...subjects];
}

function lineUp({ epochs }: RecentDuties, newest: KeptEpoch, indices: Uint32Array): Lined {
  const last: RecentEpoch[] = [];
  const net = new Float64Array(indices.length);
  for (let epoch = newest.epoch - balanceEpochs + 1; epoch <= newest.epoch; epoch += 1) {
    const kept = epochs.get(epoch);
    if (kept) addTo(net, aligned(kept.net, kept.indices, indices, NaN));
    else net.fill(NaN);
    if (epoch <= newest.epoch - recentEpochs) continue;
    last.push({
      outcomes: kept ? aligned(kept.outcomes, kept.indices, indices, 0) : unknownOutcomes(indices.length),
      networkAssigned: kept?.network.assigned ?? 0,
      networkBad: kept ? kept.network.assigned - kept.network.timelyTarget : 0,
    });
  }
  return {
    ...{ last, net },
    stake: aligned(newest.stake, newest.indices, indices, 0),
    inclusion: aligned(newest.inclusion, newest.indices, indices, 0),
  };
}

function addTo(sum: Float64Array, column: Float64Array): void {
  for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + (column[i] as number);
}

function subjectFacts(
  { recent, timing, usualLateness }: DutyFactInput,
  newest: KeptEpoch,
  lined: Lined,
  { key, labels, cohort, members }: Subject,
  at: number,
): Fact[] {
  const facts = performanceFacts(performanceOf(lined.last, lined.stake, members), cohort, at);
  const add = (name: string, value: number) => facts.push({ name, labels, value, at });
  const now = newest.totals.get(key);
  if (now && now.assigned > 0) add("missed_attestations_ratio", 1 - now.included / now.assigned);
  const hour = sumOver(recent, epochsPerHour(timing), ({ totals }) => totals.get(key));
  if (newest.hasRewards && hour) add("penalties_gwei_hour", Math.max(0, -(hour.earned + hour.syncEarned)));
  if (cohort && (members?.length ?? 0) < minCohort) return facts;
  const { late, falling } = sharesOf(lined, members);
  add("late_attestations_ratio", late);
  add("balance_falling_ratio", falling);
  const usual = usualLateness(key);
  if (usual !== undefined && hour)
    add("late_attestations_above_baseline", latenessOf(hour) / Math.max(usual, leastUsual));
  const three = sumOver(recent, recentEpochs, ({ totals }) => totals.get(key));
  const network = sumOver(recent, recentEpochs, ({ network: everybody }) => everybody);
  add("wrong_head_above_network", three && network ? headless(three) - headless(network) : NaN);
  return facts;
}

/** Slots per attestation beyond the next block, empty slots excused; not a number where none was included. */
export function latenessOf({ effectiveDelaySum, included }: DutyTotals): number {
  return Math.max(0, effectiveDelaySum - included) / included;
}

function headless({ included, timelyHead }: DutyTotals): number {
  return (included - timelyHead) / included;
}

/** Not a number where nothing was included, or where most rewards are not known. */
function sharesOf({ inclusion, net }: Lined, members: Uint32Array | undefined): { late: number; falling: number } {
  const size = members?.length ?? inclusion.length;
  let [included, late, known, falling] = [0, 0, 0, 0];
  for (let i = 0; i < size; i += 1) {
    const at = members ? (members[i] as number) : i;
    const when = inclusion[at] as number;
    if (when !== 0) included += 1;
    if (when === 2) late += 1;
    const earned = net[at] as number;
    if (Number.isNaN(earned)) continue;
    known += 1;
    if (earned < 0) falling += 1;
  }
  return {
    late: late / included,
    falling: known * 2 <= size ? NaN : falling / known,
  };
}
