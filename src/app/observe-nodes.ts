import type { GatewayJournal, JournaledTransition, ObservedGateway } from "../control/observed-gateway.ts";
import { controlVersion } from "../control/types.ts";
import { describeError } from "../lib/app-error.ts";
import { createQueue } from "./write-queue.ts";
import { startUpstreamGroup } from "../upstream/start-upstream-group.ts";
import type { Transition } from "../upstream/types.ts";
import type { ValidConfig } from "./config/load.ts";
import { upstreamConfigs } from "./config-mapping.ts";
import { groupStatusOf } from "./group-status.ts";
import { startProcessHealth } from "./process-health.ts";
import type { RoleParts } from "./run-role.ts";

export interface GatewayObserver {
  observed(): ObservedGateway;
  reconfigure(loaded: ValidConfig): void;
  stop(): Promise<void>;
}

interface ObserverOptions {
  journal: GatewayJournal;
  onChange: () => void;
  onTransitions: (stored: readonly JournaledTransition[]) => void;
}

const observerName = "monitor";
const noRequests = { total: 0, failed: 0, perSecond: 0, streams: 0 };

/** Observes the beacon nodes from the monitor itself, for a monitor that runs without any gateway. */
export function observeNodes(role: RoleParts, { journal, onChange, onTransitions }: ObserverOptions): GatewayObserver {
  const { clock, random, log, version } = role;
  const { config } = role.loaded;
  let { revision } = role.loaded;
  const startedAt = clock.now();
  const health = startProcessHealth(clock);
  const queue = createQueue((error) => log.error({ error: describeError(error) }, "storing a transition failed"));
  let seq = 0;

  function store(transition: Transition): void {
    const cursor = { startedAt, after: ++seq, readAt: clock.now() };
    queue.add(async () =>
      onTransitions(
        await journal.append({ gateway: observerName, items: [{ seq: cursor.after, item: transition }], cursor }),
      ),
    );
    onChange();
  }

  const groups = new Map(
    [...upstreamConfigs(config)].map(([name, upstreamConfig]) => {
      const upstream = startUpstreamGroup({ config: upstreamConfig, clock, random, log });
      upstream.onTransition(store);
      upstream.onView(onChange);
      upstream.onEvent(({ topic }) => void (topic === "head" && onChange()));
      return [name, upstream];
    }),
  );

  return {
    observed: () => {
      const now = clock.now();
      const listenOf = (name: string) =>
        config.groups.find((group) => group.name === name)?.listen ?? { host: "", port: 0 };
      const status = {
        ...{ controlVersion, gateway: observerName, version, startedAt, at: now, configRevision: revision },
        groups: [...groups].map(([name, upstream]) =>
          groupStatusOf({ name, upstream, proxy: { address: listenOf(name), stats: () => noRequests } }),
        ),
        process: { ...health.read(), openClientSockets: 0, inFlightRequests: 0 },
        lastTransitionSeq: seq,
        lastEvidenceSeq: 0,
      };
      return { name: observerName, isReachable: true, lastContactAt: now, error: undefined, status };
    },
    reconfigure(loaded) {
      ({ revision } = loaded);
      // The network waits for a restart, as in a gateway.
      const next = upstreamConfigs({ ...loaded.config, network: config.network });
      for (const [name, upstreamConfig] of next) groups.get(name)?.reconfigure(upstreamConfig);
    },
    async stop() {
      await Promise.all([...groups.values()].map((upstream) => upstream.stop()));
      await queue.settled();
      health.stop();
    },
  };
}
