import type { IncidentReasonCode } from "../reasons.ts";
import { chanceOf } from "./fisher.ts";
import { isOrdinary } from "./find-victims.ts";
import type { AssessedEpoch, AssessmentInput, DutySums, SeenBranch } from "./input.ts";
import type { IncidentScope, VictimCohort } from "./types.ts";

/** Finality is two epochs back when all is well. */
const normalFinalityLag = 2;
const staleBeyond = 2;
/** So much of the strangers' attestations lost beyond the usual is the network's own trouble, whatever ours is. */
const networkFall = 0.1;
/** A smaller fall counts only where ours are lost like everybody's, and no label set names them. */
const smallFall = 0.02;
const likeNetwork = 1.5;
/** Fewer attestations of strangers say nothing. */
const leastStrangers = 100;
/** Of so many labels some are hit by accident; so seldom, none is. */
const clearChance = 1e-6;
/** Where no epoch from before the impact is known. */
const usualLoss = 0.01;

/** Share of attestations that are lost, ours and strangers', beyond what is usual; `undefined`: nobody knows. */
export interface NetworkLosses {
  own: number | undefined;
  strangers: number | undefined;
  /** On usual days. */
  usual: number;
  /** Since when, for words: the epoch that shows most. */
  seenIn: string;
}

export interface ScopeVerdict {
  scope: IncidentScope;
  reason: IncidentReasonCode;
}

/** How far it reaches. What is not known is `unknown`, never the network's fault and never one key's. */
export function judgeScope(
  input: AssessmentInput,
  losses: NetworkLosses,
  cohorts: readonly VictimCohort[],
): ScopeVerdict {
  const { finalityLagEpochs, victims, slashed } = input;
  if (slashed.length > 0) return { scope: slashed.length === 1 ? "single" : "multiple", reason: "own-key-slashed" };
  if (finalityLagEpochs !== undefined && finalityLagEpochs > normalFinalityLag + staleBeyond)
    return { scope: "network", reason: "finality-stale" };
  if (isDivided(input.branches)) return { scope: "network", reason: "branches-confirmed" };
  const { own = 0, strangers } = losses;
  if (strangers !== undefined && strangers >= networkFall) return { scope: "network", reason: "network-falls" };
  const isLikeTheirs = strangers !== undefined && strangers >= smallFall && own <= likeNetwork * strangers;
  if (isLikeTheirs && !isNamed(cohorts, strangers)) return { scope: "network", reason: "network-falls" };
  if (input.epochs.length === 0) return { scope: "unknown", reason: "scope-not-known" };
  if (victims.length === 0) return { scope: "unknown", reason: "no-duty-lost" };
  if (strangers === undefined) return { scope: "unknown", reason: "network-not-known" };
  const watched = input.watched.reduce((sum, { validators }) => sum + validators, 0);
  const isByChance =
    isOrdinary(victims.length, input.ordinaryRate * watched) && !isClear(cohorts[0], victims.length, watched);
  if (isByChance) return { scope: "unknown", reason: "losses-ordinary" };
  if (victims.length === 1) return { scope: "single", reason: "one-key" };
  return { scope: "multiple", reason: cohorts.length > 0 ? "label-set-explains" : "no-label-set" };
}

/** Two sources without common software or operator on each side: no single client's bug, and no single node's. */
function isDivided(branches: readonly SeenBranch[]): boolean {
  return branches.filter(({ independent }) => independent >= 2).length >= 2;
}

/** Do ours share labels that are hit far harder than strangers are? Then it is not that everybody is hit alike. */
function isNamed([best]: readonly VictimCohort[], strangers: number): boolean {
  return best !== undefined && best.density >= 4 * strangers;
}

/** Share of our attestations that are lost on a usual day, from epochs before `sinceEpochAt` (ms since 1970). */
export function usualLossOf(epochs: readonly AssessedEpoch[], sinceEpochAt: number): number {
  const before = epochs.filter(({ at }) => at < sinceEpochAt);
  return median(before.map(({ own }) => lossOf(own))) ?? usualLoss;
}

/** Few victims of many, and all in one place: no accident, however many a usual day has. */
function isClear(best: VictimCohort | undefined, victims: number, all: number): boolean {
  if (!best) return false;
  const { validators: members, victims: hits } = best;
  return chanceOf({ all: Math.max(all, victims), victims, members, hits }) < clearChance;
}

/** Losses of ours and of strangers since the impact, beyond the usual: of these epochs the worst. */
export function networkLosses(input: AssessmentInput, sinceEpochAt: number): NetworkLosses {
  const before = input.epochs.filter(({ at }) => at < sinceEpochAt);
  const usualOwn = usualLossOf(input.epochs, sinceEpochAt);
  const usualStrangers = median(before.map((epoch) => strangersLoss(epoch)));
  const usual = usualStrangers ?? usualLoss;
  const seen: { name: string; own: number | undefined; strangers: number | undefined }[] = input.epochs
    .filter(({ at }) => at >= sinceEpochAt)
    .map((epoch) => ({ name: `epoch ${epoch.epoch}`, own: lossOf(epoch.own), strangers: strangersLoss(epoch) }));
  const worst = (read: (one: (typeof seen)[number]) => number | undefined) =>
    seen.reduce<(typeof seen)[number] | undefined>((most, one) => {
      const value = read(one);
      return value === undefined || (most && (read(most) ?? 0) >= value) ? most : one;
    }, undefined);
  const worstStrangers = worst(({ strangers }) => strangers);
  const worstOwn = worst(({ own }) => own)?.own;
  return {
    own: worstOwn === undefined ? undefined : Math.max(0, worstOwn - usualOwn),
    strangers: worstStrangers?.strangers === undefined ? undefined : Math.max(0, worstStrangers.strangers - usual),
    usual,
    seenIn: worstStrangers?.name ?? "",
  };
}

type Counts = Pick<DutySums, "assigned" | "included">;

function lossOf({ assigned, included, timelyTarget }: DutySums): number | undefined {
  return assigned === 0 ? undefined : 1 - Math.min(included, timelyTarget) / assigned;
}

/** A large operator moves the whole network's figures: without its own it sees what others do. */
function strangersLoss({ own, network }: AssessedEpoch): number | undefined {
  const counts = { ...without(network, own), timelyTarget: network.timelyTarget - own.timelyTarget };
  return counts.assigned < leastStrangers ? undefined : lossOf(counts);
}

function without(network: Counts, own: Counts): Counts {
  return { assigned: network.assigned - own.assigned, included: network.included - own.included };
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
