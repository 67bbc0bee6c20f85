import { defaultRules } from "../../src/alerts/default-rules.ts";
import { firingAlerts } from "../../src/alerts/notice/firing-alerts.ts";
import { groupAlerts } from "../../src/alerts/notice/group-alerts.ts";
import { defaultGrouping, type AlertGroup, type Notice } from "../../src/alerts/notice/types.ts";
import { evaluateRules } from "../../src/alerts/state/evaluate-rules.ts";
import type { AlertState } from "../../src/alerts/state/types.ts";
import { defaultInhibitRules } from "../../src/alerts/suppress/default-inhibit-rules.ts";
import { createFactSupply } from "../../src/app/facts/create-fact-supply.ts";
import type { FactParts, FactSupply } from "../../src/app/facts/types.ts";
import type { GatewayListener } from "../../src/control/read-rings.ts";
import type { WatchedFleet } from "../../src/app/duties/watched-set.ts";
import { dutyBits, type EpochResult } from "../../src/duties/types.ts";
import { createFakeClock } from "../../src/lib/fake-clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { effectsAt, type Effects, type Fault } from "./faults.ts";
import { gateways, groups, hosts, nodesOf } from "./fleet.ts";
import { epochMs, makeEpoch, slotDurationMs, slotsPerEpoch } from "./make-epoch.ts";
import { makeStore } from "./make-store.ts";
import { makeWorld } from "./make-world.ts";

export interface Day {
  fleet: WatchedFleet;
  random: () => number;
  fromAt: number;
  hours: number;
  faults: readonly Fault[];
  /** The monitor is off from, to, ms since 1970; what happens to duties meanwhile is over when it comes back. */
  pause: { fromAt: number; toAt: number } | undefined;
}

export interface DayOutcome {
  notices: Notice[];
  /** CPU and wall time of one look, ms: of the supply alone, and of all. */
  looks: number;
  supplyMs: number;
  worstSupplyMs: number;
  epochMs: number[];
  /** Share of duties that were missed or had a wrong target, in each epoch that no fault touched. */
  ordinary: number[];
  facts: number;
}

const stepMs = 10_000;
/** Epochs before the day that results are stored of. */
const earlierEpochs = 12;
const judgedAfterMs = Math.floor(0.85 * slotDurationMs);

/** A day of the fleet, ten seconds at a time: facts, rules, alerts, groups, notices. */
export async function runDay(day: Day): Promise<DayOutcome> {
  const { fleet, random, fromAt, hours } = day;
  const firstEpoch = 3_000;
  const genesisTimeMs = fromAt - firstEpoch * epochMs;
  const epochOf = (at: number) => Math.floor((at - genesisTimeMs) / epochMs);
  const clock = createFakeClock(fromAt);
  const world = makeWorld(random, fromAt, hours, genesisTimeMs);
  const made = (epoch: number) => makeEpoch(epoch, fleet, random, epochEffects(day, genesisTimeMs + epoch * epochMs));
  const past = makeEpoch(1, fleet, random, {});
  const firstStored = firstEpoch - 2 - earlierEpochs;
  const store = makeStore({ cohorts: past.cohorts, beforeEpoch: firstStored });
  for (let epoch = firstStored; epoch < firstEpoch - 2; epoch += 1) store.save(made(epoch));
  await store.settings.set("facts.usual", usualText(fromAt), fromAt);

  let judged = firstEpoch - 3;
  let effects: Effects = {};
  let storeFailingSince: number | undefined;
  const closed = new Set<number>();
  let stored: (result: EpochResult) => void = () => undefined;
  let hear: GatewayListener | undefined;
  const parts = (): FactParts => ({
    config: () => configOf(),
    observed: () => world.observed(effects, clock.now()),
    duties: {
      state: () => dutiesNow(epochOf(clock.now()), judged, genesisTimeMs),
      watched: () => fleet,
      chain: () => undefined,
      onStored: (listener) => (stored = listener),
      hear: (listener) => (hear = listener),
      ports: { fleet: () => ({ keys: world.keys(effects, clock.now()) }) },
    },
    signals: { hosts: () => world.hostStates(effects, clock.now()), logs: () => [], events: () => [] },
    store,
    undelivered: () => world.undelivered(effects, clock.now()),
    closedSlashings: () => closed,
    storeFailingSince: () => storeFailingSince,
    ...{ clock, log: silentLogger },
  });
  let supply: FactSupply | undefined = createFactSupply(parts());

  const outcome: DayOutcome = {
    notices: [],
    looks: 0,
    supplyMs: 0,
    worstSupplyMs: 0,
    epochMs: [],
    ordinary: [],
    facts: 0,
  };
  let states: AlertState[] = [];
  let alertGroups: AlertGroup[] = [];
  for (let at = fromAt; at < fromAt + hours * 3_600_000; at += stepMs) {
    await clock.advance(at - clock.now());
    await new Promise((resolve) => void setImmediate(resolve));
    const isOff = day.pause !== undefined && at >= day.pause.fromAt && at < day.pause.toAt;
    if (isOff && supply) {
      supply.stop();
      supply = undefined;
    }
    if (isOff) continue;
    effects = effectsAt(day.faults, at);
    storeFailingSince = effects.storeFails || world.isStoreBusy(at) ? (storeFailingSince ?? at) : undefined;
    for (const fault of day.faults)
      if (at > fault.endAt && fault.effects.slashes !== undefined) closed.add(fault.effects.slashes);
    supply ??= createFactSupply(parts());
    // One epoch at each look: after a pause they are read back one after the other.
    if (genesisTimeMs + (judged + 3) * epochMs + judgedAfterMs <= at && !effects.judgesNothing) {
      judged += 1;
      const result = made(judged);
      store.save(result);
      if (!epochEffects(day, genesisTimeMs + judged * epochMs).loses) outcome.ordinary.push(badShare(result));
      const before = performance.now();
      stored(result);
      outcome.epochMs.push(performance.now() - before);
    }
    for (const { gateway, records } of world.requests(effects, at)) hear?.evidence(gateway, records, undefined);
    const before = performance.now();
    const facts = supply.facts(at);
    const spent = performance.now() - before;
    outcome.looks += 1;
    outcome.supplyMs += spent;
    outcome.worstSupplyMs = Math.max(outcome.worstSupplyMs, spent);
    outcome.facts = Math.max(outcome.facts, facts.length);
    ({ states } = evaluateRules(defaultRules, { facts, removed: supply.removed(at) }, states, at));
    const suppression = { silences: [], inhibitRules: defaultInhibitRules, incidents: [], mutes: [] };
    const grouping = groupAlerts(alertGroups, firingAlerts(states, [], suppression, at), defaultGrouping, at);
    alertGroups = grouping.groups;
    outcome.notices.push(...grouping.notices);
  }
  supply?.stop();
  return outcome;
}

/** What an epoch lost: by its middle. A tenth of the fleet fails at the begin of the pause, and nobody is there to see it. */
function epochEffects({ faults, pause }: Day, startAt: number): Effects {
  const at = startAt + epochMs / 2;
  const effects = effectsAt(faults, at);
  const single = (fault: Fault) => Math.floor((fault.startAt - startAt) / epochMs) === 0;
  const events = faults.filter(single).map((fault) => fault.effects);
  const event = Object.assign({}, ...events) as Effects;
  const { wrongFeeOf: _, slashes: __, missesProposal: ___, ...lasting } = effects;
  const isUnseen = pause !== undefined && at > pause.fromAt && at < pause.fromAt + 20 * 60_000;
  return {
    ...lasting,
    ...(event.wrongFeeOf !== undefined && { wrongFeeOf: event.wrongFeeOf }),
    ...(event.slashes !== undefined && { slashes: event.slashes }),
    ...(event.missesProposal && { missesProposal: true }),
    ...(isUnseen && { loses: (position: number) => position % 5 === 0 }),
  };
}

function badShare({ columns: { duty } }: EpochResult): number {
  return duty.filter((bits) => (bits & dutyBits.timelyTarget) === 0).length / duty.length;
}

function dutiesNow(
  currentEpoch: number,
  provisionalEpoch: number,
  genesisTimeMs: number,
): ReturnType<FactParts["duties"]["state"]> {
  return {
    ...{ at: 0, state: "following", sentence: "", currentSlot: currentEpoch * slotsPerEpoch, currentEpoch },
    ...{ slotsPerEpoch, slotDurationMs, genesisTimeMs, watched: 10_000, network: 1_000_000, provisionalEpoch },
    ...{ finalEpoch: provisionalEpoch - 1, finalizedEpoch: currentEpoch - 2, live: [], cost: undefined },
    retention: { columnEpochs: 1, exceptionEpochs: 1, cohortEpochs: 1, dailyCohortDays: 1, epochsPerDay: 225 },
  };
}

/** The names alone are looked at. */
function configOf(): ReturnType<FactParts["config"]> {
  const named = (names: readonly string[]) => names.map((name) => ({ name }));
  return {
    monitor: { gateways: named(gateways) },
    ...{ nodes: named(groups.flatMap(nodesOf)), groups: named(groups), hosts: named(hosts.map(({ name }) => name)) },
    ...{ logs: [], relays: [], gateway: { clients: [] } },
  } as unknown as ReturnType<FactParts["config"]>;
}

/** Seven days in which every client asked as often as it does. */
function usualText(fromAt: number): string {
  const quarters: Record<number, number> = {};
  const watched: Record<number, true> = {};
  const now = Math.floor(fromAt / 900_000);
  for (let quarter = now - 672; quarter <= now; quarter += 1) {
    quarters[quarter] = 180;
    watched[quarter] = true;
  }
  const clients = Object.fromEntries(
    groups.flatMap((group) =>
      ["", `vc-${group}-a`, `vc-${group}-b`].map((client) => {
        const own =
          client === "" ? Object.fromEntries(Object.entries(quarters).map(([key, n]) => [key, 2 * n])) : quarters;
        return [`${group} ${client}`, { group, client, lastAt: fromAt, minutes: {}, quarters: own }];
      }),
    ),
  );
  return JSON.stringify({ version: 1, requests: { clients, watched }, latencies: {} });
}
