import type { GatewayGroup, GatewayGroupOptions } from "./types.ts";
import { slotMs, type GroupContext } from "./context.ts";
import { createCounters } from "./counters.ts";
import { createEventRelay } from "./events/event-relay.ts";
import { createListener, listen } from "./listener.ts";
import { registerGatewayMetrics } from "./metrics.ts";
import { createCreatorMap } from "./policies/creator-map.ts";
import { keepSnapshots } from "./replay/keep-snapshots.ts";
import { replayOnReturn } from "./replay/replay-on-return.ts";
import { createReplayStore, replayKinds } from "./replay/replay-store.ts";
import { loadSnapshot } from "./replay/snapshot.ts";
import { compileMatcher } from "./routes/match.ts";
import { routesV1 } from "./routes/routes-v1.ts";
import { createNodeLinks } from "./send/node-links.ts";
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
    links: links.byName,
  };

  const replay = createReplayStore(clock, () => upstream.network(), settings.maxReplayItems);
  const path = options.replayStorePath;
  if (path !== undefined) {
    const problem = await loadSnapshot(path, replay);
    if (problem !== undefined) log.error(problem);
  }
  const snapshots = path === undefined ? undefined : keepSnapshots(path, replay, clock, log, settings.replaySnapshotMs);
  const stopReplaying = replayOnReturn(context, replay);
  const events = createEventRelay(context);
  const stopFollowing = upstream.onView((view, previous) => {
    for (const node of previous.ready) if (!view.ready.includes(node)) sweep.nodeLeft(node);
  });
  const listener = createListener(context, compileMatcher(routesV1), { creators: createCreatorMap(), replay, events });
  const rate = startRateMeter(clock, () => counters.total);
  const unregister = registerGatewayMetrics(options.metrics, {
    group: name,
    counters,
    links: () => links.byName.values(),
    openSockets: () => listener.sockets.size,
    replayAgeS: () => snapshots?.ageS() ?? 0,
    replayItems: () => replayKinds.map((kind) => [kind, replay.count(kind)] as const),
  });

  async function stop(): Promise<void> {
    events.stop();
    listener.leave();
    listener.server.close();
    listener.sockets.close(true);
    stopReplaying();
    stopFollowing();
    unregister();
    rate.stop();
    sweep.stop();
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
        if (clock.monotonic() > endAt - patienceMs / 2) listener.sockets.close(false);
      }
    },
    stop: () => (stopped ??= stop()),
    reconfigure: (nodes) => links.replace(nodes),
    safety: {
      hold: () => undefined,
      release: () => undefined,
      resetWatermark: () => undefined,
      status: () => ({ tripwire: { refused: 0 } }),
    },
    calendar: { proposals: () => [], drainWaits: () => [] },
    repoint: () => undefined,
  };
}
