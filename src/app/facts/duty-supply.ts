import type { Fact } from "../../alerts/fact.ts";
import { staleAfterMsOf } from "../../alerts/fact-catalogue.ts";
import type { EpochResult } from "../../duties/types.ts";
import type { WatchedFleet } from "../duties/watched-set.ts";
import { judgedChainFacts } from "./chain-facts.ts";
import {
  eventFacts,
  eventsOf,
  fleetOwners,
  noEvents,
  slashingFacts,
  syncFacts,
  withEvents,
  type DutyEvents,
  type FleetOwners,
} from "./duty-events.ts";
import { dutyFacts } from "./duty-facts.ts";
import { keepEpoch } from "./kept-epoch.ts";
import { addLateness, noLateness, usualLateness, type LatenessBaseline } from "./lateness-baseline.ts";
import { noDuties, withEpoch, type RecentDuties } from "./recent-duties.ts";
import { epochMsOf, epochsPerHour, judgeableAt, type EpochTiming } from "./types.ts";

/** What judged epochs leave behind, and the facts that come of it. Holds no timer and does no I/O. */
export interface DutyDigest {
  /** Takes in an epoch as it is stored; `true`: the facts about duties are others now. */
  take(result: EpochResult, timing: EpochTiming, now: number): boolean;
  /** Takes in what an earlier run stored; what this run has judged meanwhile stays. */
  recall(result: EpochResult): void;
  /** Events of a day that an earlier run stored. */
  recallEvents(change: (events: DutyEvents) => DutyEvents): void;
  readonly baseline: LatenessBaseline;
  newestEpoch(): number | undefined;
  /** Made anew from what is known, for the watched fleet of now. */
  renew(timing: EpochTiming, now: number): void;
  /** Facts about duties as of the newest epoch. */
  duties(): readonly Fact[];
  /** Facts about single events and the network. */
  events(timing: EpochTiming, options: { now: number; hasRelays: boolean }): Fact[];
  slashings(closed: ReadonlySet<number>, now: number): Fact[];
}

const dayMs = 86_400_000;
/** Of chains with short epochs not more than so many are kept with their columns. */
const mostKept = 80;
const mostEventEpochs = 2_000;

export function createDutyDigest(watched: () => WatchedFleet): DutyDigest {
  let recent: RecentDuties = noDuties;
  let events: DutyEvents = noEvents;
  let facts: readonly Fact[] = [];
  let owned: { fleet: WatchedFleet; owners: FleetOwners } | undefined;
  const baseline = noLateness();

  function owners(): FleetOwners {
    const fleet = watched();
    if (owned?.fleet !== fleet) owned = { fleet, owners: fleetOwners(fleet) };
    return owned.owners;
  }

  function keep(result: EpochResult, keptEpochs: number, eventEpochs: number): void {
    recent = withEpoch(recent, keepEpoch(result), keptEpochs);
    events = withEvents(events, result.epoch, eventsOf(result), result.slashings, eventEpochs);
  }

  function renew(timing: EpochTiming, now: number): void {
    const { newest } = recent;
    // Read back from before: too old to be judged by, and there may be hundreds of them.
    const isOld = !newest || now - judgeableAt(timing, newest.epoch) > staleAfterMsOf("underperforming_ratio");
    facts = isOld
      ? []
      : [
          ...dutyFacts({
            ...{ recent, timing, watched: watched() },
            usualLateness: (key) => usualLateness(baseline, timing, key, newest.epoch),
          }),
          ...syncFacts(recent, owners(), timing),
          ...judgedChainFacts(recent, timing),
        ];
  }

  return {
    baseline,
    renew,
    newestEpoch: () => recent.newest?.epoch,
    take(result, timing, now) {
      const before = recent.newest?.epoch ?? -1;
      keep(result, keptEpochs(timing), eventEpochs(timing));
      if (!baseline.counted.has(result.epoch)) {
        baseline.counted.add(result.epoch);
        addLateness(baseline, timing, result.epoch, result.cohorts);
      }
      if (result.epoch < before) return false;
      renew(timing, now);
      return true;
    },
    recall(result) {
      if (!recent.epochs.has(result.epoch)) keep(result, 10, mostEventEpochs);
    },
    recallEvents(change) {
      events = change(events);
    },
    duties: () => facts,
    events(timing, options) {
      const { newest } = recent;
      return newest ? eventFacts(events, owners(), timing, newest.epoch, options) : [];
    },
    slashings: (closed, now) => slashingFacts(events, owners(), closed, now),
  };
}

function keptEpochs(timing: EpochTiming): number {
  return Math.min(mostKept, Math.max(6, epochsPerHour(timing)));
}

function eventEpochs(timing: EpochTiming): number {
  return Math.min(mostEventEpochs, Math.ceil(dayMs / epochMsOf(timing)) + 10);
}
