import type { Socket } from "node:net";
import type { GatewayGroup, GatewayGroupOptions } from "./types.ts";
import { slotMs, type GroupContext } from "./context.ts";
import { createCounters } from "./counters.ts";
import { createDutyCalendar } from "./calendar/duty-calendar.ts";
import { createEventRelay } from "./events/event-relay.ts";
import { createAdopter } from "./adopt-connections.ts";
import { idleSockets } from "./idle-sockets.ts";
import { createListener, listen } from "./listener.ts";
import { createMemoryBudget } from "./memory-budget.ts";
import { registerGatewayMetrics } from "./metrics.ts";
import { createCreatorMap } from "./policies/creator-map.ts";
import { keepSnapshots, takeLeftovers } from "./replay/keep-snapshots.ts";
import { replayOnReturn } from "./replay/replay-on-return.ts";
import { createReplayStore, indexOfKey, replayKinds } from "./replay/replay-store.ts";
import { loadSnapshot } from "./replay/snapshot.ts";
import { compileMatcher } from "./routes/match.ts";
import { routesV1 } from "./routes/routes-v1.ts";
import { createNodeLinks } from "./send/node-links.ts";
import { createPublishes } from "./serve/merged-publish.ts";
import { jobRunners } from "./serve/job-runners.ts";
import { createSharing } from "./share/create-sharing.ts";
import { createSafety } from "./safety/group-safety.ts";
import { defaultGatewaySettings } from "./settings.ts";
import { startRateMeter } from "./rate-meter.ts";
import { startTimerSweep } from "./timer-sweep.ts";

/**
 * Starts the listener for one group of validator clients and resolves when it accepts connections. The beacon nodes'
 * health comes from `upstream`, which the caller owns and stops after this. Rejects if the address cannot be bound.
 */
export async function startGatewayGroup(options: GatewayGroupOptions): Promise<GatewayGroup> {
  const { clock, log, upstream, name } = options;
  const settings = { ...defaultGatewaySettings, ...options.settings };
  const links = createNodeLinks(options.nodes, settings, clock);
  const counters = createCounters();
  const sweep = startTimerSweep(clock);
  const creators = createCreatorMap();
  const calendar = createDutyCalendar({
    clock,
    network: () => upstream.network(),
    openLeases: (node) => creators.openLeases(node),
    inFlight(node) {
      const link = links.byName.get(node);
      return link ? link.inFlight.duty + link.inFlight.bulk : 0;
    },
    ready: () => upstream.view().ready,
    maxValidators: settings.maxReplayItems,
  });
  const safety = createSafety({ path: options.safetyStatePath, clock, log, counters, upstream });
  const context: GroupContext = {
    name,
    version: options.gatewayVersion,
    clock,
    random: options.random,
    log,
    upstream,
    settings,
    sweep,
    counters,
    evidence: options.evidence,
    memory: createMemoryBudget(settings.maxBufferedBytes),
    links: links.byName,
    safety,
    onDutyAnswer(route, param, _headers, body) {
      if (route.id.startsWith("getProposerDuties")) calendar.learnProposers(param, body);
    },
    onDutyRequest: (body) => calendar.learnAsked(body),
  };

  const replay = createReplayStore(
    clock,
    () => upstream.network(),
    settings.maxReplayItems,
    (items) => calendar.learnItems(items),
  );
  const path = options.replayStorePath;
  if (path !== undefined) {
    // The second is there when a process that was replaced left something behind that nobody took in.
    for (const problem of [await loadSnapshot(path, replay), await takeLeftovers(path, replay)])
      if (problem !== undefined) log.error(problem);
    for (const kind of replayKinds)
      for (const [key] of replay.items(kind)) calendar.learnItems([{ validatorIndex: indexOfKey(kind, key) }]);
  }
  const snapshots = path === undefined ? undefined : keepSnapshots(path, replay, clock, log, settings.replaySnapshotMs);
  const stopReplaying = replayOnReturn(context, replay);
  const events = createEventRelay(context);
  const stopFollowing = upstream.onView((view, previous) => {
    for (const node of previous.ready) if (!view.ready.includes(node)) sweep.nodeLeft(node);
  });
  const sharing = createSharing(context, jobRunners);
  const memory = { creators, replay, events, sharing, publishes: createPublishes(context) };
  const listener = createListener(context, compileMatcher(routesV1), memory, options.tls);
  const adopter = createAdopter(listener.server, listener.sockets, settings);
  const rate = startRateMeter(clock, () => counters.total);
  const unregister = registerGatewayMetrics(options.metrics, {
    group: name,
    counters,
    links: () => links.byName.values(),
    openSockets: () => listener.sockets.size,
    cacheBytes: () => sharing.cache.bytes,
    bufferedBytes: () => context.memory.usedBytes,
    clients: listener.tallies,
    certificateEndsAt: listener.certificateEndsAt,
    isHeld: () => safety.heldBecause !== undefined,
    watermarkEpoch: () => safety.watermark?.epoch,
    replayAgeS: () => snapshots?.ageS() ?? 0,
    replayItems: () => replayKinds.map((kind) => [kind, replay.count(kind)] as const),
  });

  async function stop(): Promise<void> {
    events.stop();
    listener.leave();
    listener.server.close();
    adopter.stop();
    listener.sockets.close(true);
    listener.cutHandshakes();
    stopReplaying();
    stopFollowing();
    sharing.stop();
    unregister();
    rate.stop();
    sweep.stop();
    safety.stop();
    await snapshots?.stop();
    await links.close();
  }

  let address: { host: string; port: number };
  try {
    address = await listen(listener.server, options.listen);
  } catch (error) {
    await stop();
    throw error;
  }
  listener.server.on("error", (error) => log.error({ err: error }, "the listener for validator clients failed"));

  let stopped: Promise<void> | undefined;
  let passIdle: ((socket: Socket) => void) | undefined;
  return {
    address,
    stats: () => ({
      total: counters.total,
      failed: counters.failed,
      perSecond: rate.perSecond(),
      streams: counters.streams,
      openSockets: listener.sockets.size,
      inFlight: counters.inFlight,
    }),
    async drain() {
      const patienceMs = 2 * slotMs(context);
      const endAt = clock.monotonic() + patienceMs;
      listener.leave();
      events.drain(patienceMs / 4);
      while (listener.sockets.size > 0 && clock.monotonic() < endAt) {
        // Clients call in every slot: their next answer closes the connection. After one slot idle ones are closed.
        await clock.sleep(50);
        if (clock.monotonic() < endAt - patienceMs / 2) continue;
        if (!passIdle) listener.sockets.close(false);
        else for (const socket of idleSockets([listener.server, adopter.server], listener.sockets)) passIdle(socket);
      }
    },
    stop: () => (stopped ??= stop()),
    reload(rules, tls) {
      // First what may fail.
      if (tls) listener.replaceTls(tls);
      listener.replaceClients(rules);
    },
    reconfigure: (nodes) => links.replace(nodes),
    handover: {
      async giveUp() {
        safety.giveUp();
        await snapshots?.giveUp();
      },
      resume() {
        safety.resume();
        snapshots?.resume();
      },
      passIdle: (pass) => (passIdle = pass),
      adopt(socket) {
        adopter.adopt(socket);
        listener.lane.attach(listener.sockets.of(socket));
      },
      async takeLeftovers() {
        const problem = path === undefined ? undefined : await takeLeftovers(path, replay);
        if (problem !== undefined) log.error(problem);
      },
    },
    safety,
    calendar,
    repoint(node, url) {
      links.repoint(node, url);
      events.followView();
    },
  };
}
