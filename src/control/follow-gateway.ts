import { describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { backoffMs } from "../lib/retry.ts";
import type { ControlClient } from "./client.ts";
import type { GatewayJournal, JournaledTransition, ObservedGateway } from "./observed-gateway.ts";
import { createRingReader } from "./read-rings.ts";
import type { GatewayListener } from "./read-rings.ts";
import type { GatewayStatus } from "./types.ts";

export interface GatewayFollower {
  observed(): ObservedGateway;
  stop(): Promise<void>;
}

export interface FollowOptions {
  /** As the monitor's config names it. */
  name: string;
  client: ControlClient;
  journal: GatewayJournal;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** The observed status changed, or the gateway became reachable or unreachable. */
  onChange: () => void;
  onTransitions: (stored: readonly JournaledTransition[]) => void;
  /** Hears what requests saw; absent: evidence is left where it is, and only its losses are recorded. */
  listener?: GatewayListener;
}

/** Follows one gateway until stopped: reconnects for ever, and never shows an old status as a fresh one. */
export function followGateway(options: FollowOptions): GatewayFollower {
  const { name, client, clock, random, log, onChange } = options;
  const stopping = new AbortController();
  const rings = createRingReader(options, stopping.signal);
  let observed: ObservedGateway = {
    name,
    isReachable: false,
    lastContactAt: undefined,
    error: "not contacted yet",
    status: undefined,
  };

  function hear(status: GatewayStatus): void {
    if (!observed.isReachable) log.info({ gateway: name }, "gateway reached");
    observed = { name, isReachable: true, lastContactAt: clock.now(), error: undefined, status };
    options.listener?.status(name, status);
    onChange();
    rings.catchUp(status);
  }

  async function run(): Promise<void> {
    let attempt = 0;
    while (!stopping.signal.aborted) {
      try {
        await client.watch((line) => {
          attempt = 0;
          if (line.kind === "status") hear(line.status);
          else rings.hint(line.seq);
        }, stopping.signal);
      } catch (error) {
        const message = describeError(error);
        if (observed.isReachable || observed.error !== message) {
          if (attempt === 0)
            log.warn({ gateway: name, error: message }, "gateway unreachable; its nodes show as unknown");
          observed = { ...observed, isReachable: false, error: message };
          onChange();
        }
      }
      await clock.sleep(backoffMs(attempt++, 100, 5_000, random), stopping.signal);
    }
  }

  const running = run();
  return {
    observed: () => observed,
    async stop() {
      stopping.abort();
      await running;
      await rings.settled();
    },
  };
}
