import type { Fact } from "../../alerts/fact.ts";
import { labelKey } from "../../alerts/labels.ts";
import type { EpochResult, ProposalOutcome, SlashingOutcome, SyncOutcome } from "../../duties/types.ts";
import type { WatchedFleet } from "../duties/watched-set.ts";
import { subjectKeys } from "./kept-epoch.ts";
import { countFacts, ownersBy, type Owners } from "./owners.ts";
import { sumOver, type RecentDuties } from "./recent-duties.ts";
import { epochMsOf, judgeableAt, type EpochTiming } from "./types.ts";

/** What of one epoch is told as single events. */
export interface EpochEvents {
  proposals: readonly Pick<ProposalOutcome, "slot" | "validatorIndex" | "outcome">[];
  /** Own blocks that paid to a wrong address, and that went against the customer's relay policy: whose they were. */
  wrongFee: readonly number[];
  wrongRelay: readonly number[];
  /** Duties that were lost, and of them those without a known cause. */
  lost: number;
  unknown: number;
}

/** Single events by epoch, and every own slashing that was ever seen. */
export interface DutyEvents {
  epochs: ReadonlyMap<number, EpochEvents>;
  slashings: ReadonlyMap<number, SlashingOutcome>;
}

export const noEvents: DutyEvents = { epochs: new Map(), slashings: new Map() };

export function eventsOf({ proposals, exceptions }: Pick<EpochResult, "proposals" | "exceptions">): EpochEvents {
  const whose = (outcome: string) =>
    exceptions.flatMap((each) => (each.outcome === outcome ? each.validatorIndex : []));
  return {
    proposals: proposals.map(({ slot, validatorIndex, outcome }) => ({ slot, validatorIndex, outcome })),
    wrongFee: whose("wrong-fee-recipient"),
    wrongRelay: whose("wrong-relay"),
    lost: exceptions.length,
    unknown: exceptions.filter(({ cause }) => cause.code === "unknown").length,
  };
}

/** Takes in an epoch; a later judgement replaces the earlier. Keeps `keep` epochs up to the newest. */
export function withEvents(
  { epochs, slashings }: DutyEvents,
  epoch: number,
  events: EpochEvents,
  slashed: readonly SlashingOutcome[],
  keep: number,
): DutyEvents {
  const newest = Math.max(epoch, ...epochs.keys());
  const next = new Map([...epochs].filter(([each]) => each > newest - keep));
  if (epoch > newest - keep) next.set(epoch, events);
  if (slashed.length === 0) return { epochs: next, slashings };
  const all = new Map(slashings);
  for (const each of slashed) if (!all.has(each.validatorIndex)) all.set(each.validatorIndex, each);
  return { epochs: next, slashings: all };
}

/** How a watched fleet is counted by owner; made once for each revision of the inventory. */
export interface FleetOwners {
  subjects: Owners;
  customersAndGroups: Owners;
  customers: Owners;
}

export function fleetOwners({ byIndex }: Pick<WatchedFleet, "byIndex">): FleetOwners {
  return {
    subjects: ownersBy(byIndex, subjectKeys),
    customersAndGroups: ownersBy(byIndex, ["customer", "group"]),
    customers: ownersBy(byIndex, ["customer"]),
  };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const leastLost = 10;

/**
 * Facts about single events of the last hour and day, counted by the slot in which they happened and not by when they were
 * judged. They stand as long as duties are judged: `at` is when the newest epoch could be.
 */
export function eventFacts(
  events: DutyEvents,
  owners: FleetOwners,
  timing: EpochTiming,
  newestEpoch: number,
  options: { now: number; hasRelays: boolean },
): Fact[] {
  const at = judgeableAt(timing, newestEpoch);
  const { genesisTimeMs, slotDurationMs } = timing;
  const isWithin = (slot: number, ms: number) => options.now - (genesisTimeMs + slot * slotDurationMs) <= ms;
  const missed = [...events.epochs.values()]
    .flatMap(({ proposals }) => proposals)
    .filter(({ slot, outcome }) => (outcome === "missed" || outcome === "orphaned") && isWithin(slot, hourMs));
  const day = [...events.epochs]
    .filter(([epoch]) => options.now - (genesisTimeMs + epoch * epochMsOf(timing)) <= dayMs)
    .map(([, each]) => each);
  const lost = day.reduce((sum, each) => sum + each.lost, 0);
  const unknown = day.reduce((sum, each) => sum + each.unknown, 0);
  const indices = missed.map(({ validatorIndex }) => validatorIndex);
  return [
    ...countFacts("missed_proposals", owners.subjects, indices, at),
    ...countFacts(
      "wrong_fee_recipient",
      owners.customers,
      day.flatMap(({ wrongFee }) => wrongFee),
      at,
    ),
    ...(options.hasRelays
      ? countFacts(
          "relay_policy_breaches",
          owners.customers,
          day.flatMap(({ wrongRelay }) => wrongRelay),
          at,
        )
      : []),
    { name: "unknown_cause_ratio", labels: {}, value: lost < leastLost ? 0 : unknown / lost, at },
  ];
}

/** Own slashed validators until a person has closed them. They stand, whatever becomes of the judging: `at` is now. */
export function slashingFacts(
  { slashings }: DutyEvents,
  { customersAndGroups }: FleetOwners,
  closed: ReadonlySet<number>,
  now: number,
): Fact[] {
  const open = [...slashings.keys()].filter((index) => !closed.has(index));
  return countFacts("own_validators_slashed", customersAndGroups, open, now);
}

const syncEpochs = 3;

/**
 * Sync-committee participation by customer and group. Where no own validator has a seat the share is not a number, and
 * nothing is below the network's.
 */
export function syncFacts(recent: RecentDuties, { customersAndGroups }: FleetOwners, timing: EpochTiming): Fact[] {
  const { newest } = recent;
  const network = sumOver(recent, syncEpochs, ({ network: everybody }) => everybody);
  if (!newest || !network) return [];
  const at = judgeableAt(timing, newest.epoch);
  const sums = new Map<string, { duties: number; hits: number }>();
  for (let epoch = newest.epoch - syncEpochs + 1; epoch <= newest.epoch; epoch += 1)
    for (const outcome of recent.epochs.get(epoch)?.sync ?? []) addSync(sums, customersAndGroups, outcome);
  const everybody = network.syncDuties === 0 ? NaN : network.syncHits / network.syncDuties;
  return customersAndGroups.sets.flatMap((labels) => {
    const sum = sums.get(labelKey(labels));
    const own = sum && sum.duties > 0 ? sum.hits / sum.duties : NaN;
    return [
      { name: "sync_participation_ratio", labels, value: own, at },
      { name: "sync_participation_below_network", labels, value: sum ? everybody - own : 0, at },
    ];
  });
}

function addSync(
  sums: Map<string, { duties: number; hits: number }>,
  { sets, of }: Owners,
  { validatorIndex, duties, hits }: SyncOutcome,
): void {
  const key = labelKey(sets[of(validatorIndex)] ?? {});
  const sum = sums.get(key) ?? { duties: 0, hits: 0 };
  sums.set(key, { duties: sum.duties + duties, hits: sum.hits + hits });
}
