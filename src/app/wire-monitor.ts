import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { Registry } from "prom-client";
import { createAccessDesk } from "../access/access-desk.ts";
import { createSetupDesk, setupLink } from "../access/setup-desk.ts";
import { openApiToken } from "../access/api-token.ts";
import type { Snapshot, StoredTransition } from "../api/contract.ts";
import type { ApiPorts } from "../api/ports.ts";
import { startApiServer } from "../api/server.ts";
import { followGateway, type GatewayFollower } from "../control/follow-gateway.ts";
import { createDrillDesk } from "../drills/create-desk.ts";
import { faultKinds, faultTexts } from "../faults/registry.ts";
import { listenUrl } from "../fleet/listen-address.ts";
import { describeError } from "../lib/app-error.ts";
import { lockDataFolder } from "../store/lock.ts";
import type { Store } from "../store/store.ts";
import { allReasons } from "./all-reasons.ts";
import { countedJournal } from "./counted-journal.ts";
import { apiListener, listenOn } from "./inherited-listeners.ts";
import { nextState, type KeptState } from "./keep-state.ts";
import { registerDutyMetrics } from "./duties/duty-metrics.ts";
import { wireDuties } from "./duties/wire-duties.ts";
import { isFinalityLate } from "./signals/finality-late.ts";
import { registerSignalMetrics } from "./signals/signal-metrics.ts";
import { wireSignals } from "./signals/wire-signals.ts";
import { createListeners } from "./listeners.ts";
import { registerMonitorMetrics, type MonitorCounters } from "./monitor-metrics.ts";
import type { GatewayObserver } from "./observe-nodes.ts";
import { startProcessHealth } from "./process-health.ts";
import { registerProcessMetrics, type ConfigState } from "./process-metrics.ts";
import { wireRespond } from "./respond/wire-respond.ts";
import type { RoleParts, RunningRole } from "./run-role.ts";
import { sampleHistory } from "./sample-history.ts";
import { accessPolicyOf, controlClients, renewTrust } from "./watch-sources.ts";

const samplePeriodMs = 5_000;
const expirePeriodMs = 3_600_000;
const keepSamplesMs = 8 * 24 * 3_600_000;
const keepTransitionsMs = 180 * 24 * 3_600_000;
const webRoot = fileURLToPath(new URL("../../web/dist", import.meta.url));

const sessionSweepMs = 3_600_000;

/**
 * The monitor, in the order in which data flows: gateways → followers → journal → state → API → page. Where the config
 * names no gateway, it observes the nodes itself. One monitor per data folder; it may be down without any duty lost. The store that is
 * opened becomes the monitor's, and is closed with it.
 */
export async function wireMonitor(role: RoleParts, openStore: () => Promise<Store>): Promise<RunningRole> {
  const { clock, log, version } = role;
  const { config } = role.loaded;
  let { profile } = config;
  const { dataFolder } = config.server;
  const configState: ConfigState = { error: undefined, loadedAt: clock.now() };
  const undo: (() => void | Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };

  try {
    const lock = lockDataFolder(dataFolder, process.pid);
    undo.push(lock.release);
    const store = await openStore();
    undo.push(store.close);
    const health = startProcessHealth(clock);
    undo.push(health.stop);
    const token = openApiToken(dataFolder, config.server.apiToken?.reveal());
    if (token.isNew) log.info({ path: token.path }, "made an API token for what changes something");

    let access = accessPolicyOf(config, token.token, hostname());

    const changes = createListeners<[]>();
    const transitions = createListeners<[StoredTransition]>();
    const clients = controlClients(config, clock);
    const journal = countedJournal(store.journal, () => counters);
    let followers: readonly GatewayFollower[] = [];
    const observer: { value: GatewayObserver | undefined } = { value: undefined };
    const gateways = () => followers.map((follower) => follower.observed());
    const observers = () => (observer.value ? [observer.value.observed()] : []);
    const signals = wireSignals(role, () => isFinalityLate([...gateways(), ...observers()]));
    undo.push(signals.stop);
    const duties = wireDuties(role, {
      evidenceFor: signals.evidenceFor,
      store,
      observed: () => [...gateways(), ...observers()],
    });
    undo.push(duties.stop);
    followers = [...clients].map(([name, client]) =>
      followGateway({
        ...{ name, client, journal, clock, random: role.random, log },
        onChange: () => judge(),
        onTransitions: (stored) => stored.forEach(transitions.tell),
        listener: duties.listener,
      }),
    );
    undo.push(async () => void (await Promise.all(followers.map((follower) => follower.stop()))));
    observer.value = await observeWithoutGateways();
    let kept: KeptState = nextState(undefined, [...gateways(), ...observers()], clock.now());
    function judge(): void {
      kept = nextState(kept, [...gateways(), ...observers()], clock.now());
      changes.tell();
    }

    const drills = createDrillDesk({
      ...{ gateways: () => clients, store: store.drills, clock, random: role.random, log },
      onEnded: ({ gateway, group, node, kind, outcome, sentence, endedAt }) =>
        store.audit.append({
          ...{ at: endedAt, actor: "monitor", action: "drill.ended", target: `${gateway}/${group}/${node}` },
          result: `${kind} ${outcome}: ${sentence}`,
        }),
    });
    undo.push(drills.stop);
    undo.push(drills.onProgress(() => changes.tell()));

    const metrics = new Registry();
    registerProcessMetrics(metrics, "monitor", version, health, () => configState);
    const counters: MonitorCounters = registerMonitorMetrics(metrics, {
      observed: () => [...gateways(), ...observers()],
      level: () => kept.state.level,
      streamClients: () => api.streamClients,
      now: clock.now,
    });

    const dutyMetrics = registerDutyMetrics(metrics, {
      ...{ now: duties.state, newest: duties.newest, fleet: duties.ports.fleet },
    });
    duties.onStored(dutyMetrics.count);
    registerSignalMetrics(metrics, signals);

    let storeFailingSince: number | undefined;
    /** Failing to keep a sample costs a point of a chart: said, counted, and tried again with the next one. */
    async function keep(what: string, write: () => Promise<unknown>): Promise<void> {
      try {
        await write();
        storeFailingSince = undefined;
      } catch (error) {
        storeFailingSince ??= clock.now();
        counters.storeWriteFailed();
        log.error({ error: describeError(error) }, `${what} failed`);
      }
    }
    const expire = () => store.history.expire(clock.now() - keepSamplesMs, clock.now() - keepTransitionsMs);
    undo.push(
      clock.every(samplePeriodMs, () => {
        judge();
        void keep("storing samples", () =>
          store.history.addSamples(sampleHistory([...gateways(), ...observers()], clock.now())),
        );
      }),
      clock.every(expirePeriodMs, () => void keep("removing old rows", expire)),
    );

    const respond = await wireRespond(role, {
      ...{ store, duties, signals, metrics, storeFailingSince: () => storeFailingSince },
      observed: () => [...gateways(), ...observers()],
      gateways: () => clients,
    });
    undo.push(respond.stop);
    const people = createAccessDesk({ store: store.access, clock });
    const setup = createSetupDesk({ people, store: store.settings, clock });
    undo.push(clock.every(sessionSweepMs, () => void keep("expired sessions", people.sweep)));
    const ports: ApiPorts = {
      snapshot: (): Snapshot => ({
        at: clock.now(),
        version,
        profile,
        state: kept.state,
        gateways: gateways(),
        observers: observers(),
        drills: drills.running(),
      }),
      onSnapshot: changes.add,
      onTransition: transitions.add,
      async transitions(query) {
        const items = await store.journal.transitions(query);
        const oldest = items.at(-1);
        const fromAt = items.length < query.limit ? 0 : (oldest?.at ?? 0);
        const lost = await store.journal.lostSpans(
          fromAt,
          query.before === undefined ? clock.now() : (items[0]?.at ?? 0),
        );
        const gaps = lost.filter(({ stream }) => stream === "transitions").map(({ stream: _, ...gap }) => gap);
        return { items, gaps, ...(oldest && items.length === query.limit ? { nextBefore: oldest.id } : {}) };
      },
      history: async (fromAt) => ({ points: await store.history.samples(fromAt) }),
      reasons: allReasons(),
      gateway: (name) => clients.get(name),
      duties: duties.ports,
      signals: signals.ports,
      respond: respond.ports,
      drills,
      drillKinds: faultKinds.map((kind) => ({ kind, ...faultTexts[kind] })),
      audit: store.audit,
      people,
      setup,
      get access() {
        return access;
      },
      metrics: () => metrics.metrics(),
      health: () => ({ isHealthy: true, detail: "ok" }),
    };
    // Before anybody can reach it: what is written later may find another leader.
    const invitation = await setupLink(setup, "");
    const listen = listenOn(role.inherited, apiListener, config.server.listen);
    const api = await startApiServer({ listen, ports, webRoot, version, clock, log });
    undo.push(api.stop);
    log.info(api.address, "web page and API listening");

    async function observeWithoutGateways(): Promise<GatewayObserver | undefined> {
      if (clients.size > 0) return undefined;
      const { observeNodes } = await import("./observe-nodes.ts");
      const started = observeNodes(role, {
        journal,
        onChange: () => judge(),
        onTransitions: (stored) => stored.forEach(transitions.tell),
      });
      undo.push(started.stop);
      return started;
    }

    const { publicUrl } = config.server;
    const isOwn = publicUrl === listenUrl(config.server.listen);
    const pageUrl = isOwn ? listenUrl(api.address) : publicUrl.replace(/\/+$/, "");
    return {
      greeting: `Slotkeeper's web page and API: ${listenUrl(api.address)}\n`,
      notice:
        invitation && `Nobody can log in yet. Make the first admin here, once, within a day: ${pageUrl}${invitation}\n`,
      stop,
      reconfigure(next) {
        configState.loadedAt = clock.now();
        ({ profile } = next.config);
        const server = { ...config.server, publicUrl: next.config.server.publicUrl };
        access = accessPolicyOf({ server }, token.token, hostname());
        renewTrust(clients, next.config);
        changes.tell();
        observer.value?.reconfigure(next);
        duties.reconfigure(next);
        signals.reconfigure(next);
        respond.reconfigure(next);
      },
      showConfigError(message) {
        configState.error = message;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
