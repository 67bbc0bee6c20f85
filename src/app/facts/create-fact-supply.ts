import type { Fact } from "../../alerts/fact.ts";
import type { Labels } from "../../alerts/labels.ts";
import { describeError } from "../../lib/app-error.ts";
import { logSignatures } from "../../signals/log-signatures.ts";
import { createListeners } from "../listeners.ts";
import { arrivalFacts, noteArrivals, type ArrivalMemory } from "./arrival-memory.ts";
import { cachedFacts, type CachedFacts } from "./cached-facts.ts";
import { chainNowFacts, forkFacts, freshGroups, unjudgedFact } from "./chain-facts.ts";
import { createDutyDigest } from "./duty-supply.ts";
import { factHistory } from "./fact-history.ts";
import { hostFacts, withRestarts, type RestartMemory } from "./host-facts.ts";
import { createUsualBook } from "./usual-book.ts";
import { latencyFacts, noteLatencies } from "./latency-memory.ts";
import { logFacts } from "./log-facts.ts";
import { nodeFacts } from "./node-facts.ts";
import { clockFact, evidenceGapFacts, gatewayFacts, storeFact, undeliveredFacts } from "./own-facts.ts";
import { recallDuties } from "./recall-duties.ts";
import { configuredSubjects, fleetSubjects, withRemoved } from "./removed-subjects.ts";
import { silentFacts, surgeFacts, withHeard, type Heard } from "./request-facts.ts";
import { countRequests, forgetRequests } from "./request-memory.ts";
import {
  gatewaySafetyFacts,
  keyFacts,
  withDoubled,
  withRefusals,
  type DoubledMemory,
  type RefusalMemory,
} from "./security-facts.ts";
import { noteRenewals, staleFacts, type RenewalMemory } from "./stale-facts.ts";
import { epochMsOf, type EpochTiming, type FactParts, type FactSupply } from "./types.ts";

const tenSeconds = 10_000;
const minute = 60_000;
const hour = 3_600_000;
/** Reading back after a pause is given so long before being behind counts as such. */
const catchUpMs = 2 * hour;

/**
 * Everything that the monitor knows, as facts. Judged epochs are digested as they are stored; gateways, nodes and finality
 * are looked at anew each time; what costs more, every ten seconds or every minute.
 */
export function createFactSupply(parts: FactParts): FactSupply {
  const { duties, signals, clock, log, store } = parts;
  const startedAt = clock.now();
  const changes = createListeners<[]>();
  const digest = createDutyDigest(duties.watched);
  const usual = createUsualBook(store.settings, clock, log);
  const arrivals: ArrivalMemory = new Map();
  const renewals: RenewalMemory = new Map();
  let restarts: RestartMemory = new Map();
  let refusals: RefusalMemory = new Map();
  let doubled: DoubledMemory = new Map();
  let progress = { at: startedAt, hasCaughtUp: false };
  let gaps: readonly Fact[] = [];
  let recall: "todo" | "running" | "done" = "todo";

  const timing = (): EpochTiming | undefined => {
    const { slotsPerEpoch, slotDurationMs, genesisTimeMs } = duties.state();
    return slotsPerEpoch > 0 && slotDurationMs > 0 ? { slotsPerEpoch, slotDurationMs, genesisTimeMs } : undefined;
  };
  const groups = (now: number) => freshGroups(parts.observed(), now);
  const gatewayNames = () => parts.config().monitor.gateways.map(({ name }) => name);
  const isOn = () => duties.state().state !== "off";

  duties.onStored((result) => {
    const on = timing();
    const now = clock.now();
    if (!on) return;
    progress = { ...progress, at: now };
    if (!digest.take(result, on, now)) return;
    renewed("duties", digest.duties(), now);
    cached.find(({ source }) => source === "events")?.drop();
    changes.tell();
  });
  duties.hear({
    status: () => undefined,
    evidence: (_, records) => countRequests(usual.requests(), records),
    arrivals: (_, records) => noteArrivals(arrivals, records),
    caughtUp: () => undefined,
  });

  function renewed(source: string, facts: readonly Fact[], now: number): void {
    if (facts.length > 0) noteRenewals(renewals, source, facts, now);
  }

  /** Named clients: those that the configuration names, and validator clients that the inventory names. */
  function namedClients(): ReadonlySet<string> {
    const cohorts = duties.watched().cohorts.filter(({ key }) => key === "validatorClient");
    return new Set([...parts.config().gateway.clients.map(({ name }) => name), ...cohorts.map(({ value }) => value)]);
  }

  function requestFacts(now: number): Fact[] {
    const on = timing();
    const epochMs = on && epochMsOf(on);
    return [
      ...surgeFacts(usual.requests(), now),
      ...silentFacts(usual.requests(), { named: namedClients(), heard, epochMs, now }),
    ];
  }

  const cached: readonly CachedFacts[] = [
    cachedFacts("events", tenSeconds, eventsNow, renewed),
    cachedFacts("hosts", tenSeconds, hostsNow, renewed),
    cachedFacts("latency", tenSeconds, latenciesNow, renewed),
    cachedFacts("logs", tenSeconds, logsNow, renewed),
    cachedFacts("requests", minute, requestFacts, renewed),
    cachedFacts("keys", minute, () => (isOn() ? keyFacts(duties.ports.fleet().keys) : []), renewed),
    cachedFacts("blocks", minute, (now) => arrivalFacts(arrivals, duties.chain(), timing(), now), renewed),
    cachedFacts(
      "",
      minute,
      (now) => staleFacts(renewals, now),
      () => undefined,
    ),
  ];

  function eventsNow(now: number): Fact[] {
    const on = timing();
    const relays = parts.config().relays;
    return on && isOn()
      ? [
          ...digest.events(on, { now, hasRelays: relays !== undefined && relays.length > 0 }),
          // Until what an earlier run saw is read, nobody knows that there is none.
          ...(recall === "done" ? digest.slashings(parts.closedSlashings(), now) : []),
        ]
      : [];
  }

  function hostsNow(now: number): Fact[] {
    const hosts = signals.hosts();
    restarts = withRestarts(restarts, hosts, now);
    return hostFacts(hosts, restarts, startedAt, now);
  }

  function latenciesNow(now: number): Fact[] {
    noteLatencies(usual.latencies(), groups(now), now);
    return latencyFacts(usual.latencies(), now);
  }

  function logsNow(now: number): Fact[] {
    return logFacts(signals.logs(), logSignatures, signals.events({ fromAt: now - 15 * minute, limit: 5_000 }), now);
  }

  function nodesNow(now: number): Fact[] {
    const fresh = groups(now);
    refusals = withRefusals(refusals, fresh, now);
    doubled = withDoubled(doubled, fresh);
    return [
      ...chainNowFacts(fresh, now),
      ...nodeFacts(fresh, now),
      ...forkFacts(duties.chain(), fresh, timing(), now),
      ...gatewaySafetyFacts(fresh, refusals, doubled, now),
      ...clockFact(fresh, now),
    ];
  }

  function judgingNow(now: number): Fact[] {
    const state = duties.state();
    const behind = (state.currentEpoch ?? 0) - 2 - (state.provisionalEpoch ?? -Infinity);
    if (!progress.hasCaughtUp && (behind <= 1 || now - startedAt > catchUpMs))
      progress = { ...progress, hasCaughtUp: true };
    return unjudgedFact(state, timing(), progress, now);
  }

  let notedAt = 0;
  let heard: Heard = { since: undefined, lostAt: 0 };
  function ownNow(now: number): Fact[] {
    const own = new Set(gatewayNames());
    const seen = parts.observed().filter(({ name }) => own.has(name));
    const areAllHeard = seen.length > 0 && seen.every(({ isReachable }) => isReachable);
    heard = withHeard(heard, areAllHeard, now);
    const failing = parts.storeFailingSince ? [storeFact(parts.storeFailingSince(), now)] : [];
    return [...gatewayFacts(seen, startedAt, now), ...undeliveredFacts(parts.undelivered(), now), ...failing, ...gaps];
  }

  function facts(now: number): readonly Fact[] {
    recallOnce();
    noteFleet();
    const nodes = nodesNow(now);
    if (now - notedAt >= minute || now < notedAt) {
      notedAt = now;
      renewed("nodes", nodes, now);
    }
    const judged = isOn() ? digest.duties() : [];
    return [...judged, ...nodes, ...judgingNow(now), ...ownNow(now), ...cached.flatMap((each) => each.get(now))];
  }

  function recallOnce(): void {
    const on = timing();
    if (recall !== "todo" || !on || !isOn()) return;
    recall = "running";
    recallDuties(store.duties, digest, on)
      .then(() => {
        recall = "done";
        digest.renew(on, clock.now());
        for (const each of cached) each.drop();
        changes.tell();
      })
      .catch((error: unknown) => {
        log.warn({ error: describeError(error) }, "reading back what was judged before failed; it is tried again");
        cancels.push(clock.after(minute, () => (recall = "todo")));
      });
  }

  let configured = configuredSubjects(parts.config());
  let fleet = duties.watched();
  let subjects = fleetSubjects(fleet);
  let removed: Labels[] = [];
  function noteFleet(): void {
    const next = duties.watched();
    if (next === fleet) return;
    fleet = next;
    renewals.clear();
    const now = fleetSubjects(fleet);
    // An inventory that has not been read yet removes nobody.
    if (now.length > 0) removed = withRemoved(removed, [...configured, ...subjects], [...configured, ...now]);
    subjects = now.length > 0 ? now : subjects;
  }

  const readGaps = () => {
    const now = clock.now();
    store.journal
      .lostSpans(now - hour, now)
      .then((lost) => (gaps = evidenceGapFacts(gatewayNames(), lost, now)))
      .catch((error: unknown) => log.warn({ error: describeError(error) }, "looking up gaps of the evidence failed"));
  };
  readGaps();
  const cancels = [
    clock.every(minute, readGaps),
    clock.every(minute, () => forgetRequests(usual.requests(), clock.now())),
    usual.stop,
  ];

  return {
    facts,
    removed: () => removed,
    history: (fromAt, toAt) => factHistory({ store, watched: duties.watched, timing: timing(), fromAt, toAt }),
    onChange: changes.add,
    reconfigure(next) {
      const now = configuredSubjects(next);
      removed = withRemoved(removed, [...configured, ...subjects], [...now, ...subjects]);
      configured = now;
      for (const each of cached) each.drop();
      // What is gone for good would else count as no longer renewed.
      renewals.clear();
      changes.tell();
    },
    stop() {
      for (const cancel of cancels.splice(0)) cancel();
    },
  };
}
