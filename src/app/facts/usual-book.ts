import { describeError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { readUsual, writeUsual } from "./kept-requests.ts";
import type { LatencyMemory } from "./latency-memory.ts";
import { noRequests, type RequestMemory } from "./request-memory.ts";
import type { FactStore } from "./types.ts";

/** What is usual: requests and answer times of the last 7 days, kept over restarts. */
export interface UsualBook {
  requests(): RequestMemory;
  latencies(): LatencyMemory;
  stop(): void;
}

const settingName = "facts.usual";
const writePeriodMs = 3_600_000;

/** Reads what was kept, and keeps it anew every hour. Without the store it goes on from nothing, and says so. */
export function createUsualBook(settings: FactStore["settings"], clock: Clock, log: Logger): UsualBook {
  let requests = noRequests();
  let latencies: LatencyMemory = {};
  let isRead = false;

  async function read(): Promise<void> {
    const text = await settings.get(settingName);
    const kept = text === undefined ? undefined : readUsual(text);
    isRead = true;
    if (!kept) return;
    // What came in before the answer is a moment's worth; the days are what counts.
    requests = kept.requests;
    latencies = kept.latencies;
  }
  const say = (what: string) => (error: unknown) => log.warn({ error: describeError(error) }, `${what} failed`);
  read().catch(say("reading what is usual"));
  const cancel = clock.every(writePeriodMs, () => {
    const work = isRead ? settings.set(settingName, writeUsual(requests, latencies), clock.now()) : read();
    work.catch(say("keeping what is usual"));
  });
  return { requests: () => requests, latencies: () => latencies, stop: cancel };
}
