import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnCodec } from "../../src/duties/columns/column-codec.ts";
import { followDuties } from "../../src/duties/follow/follow-duties.ts";
import { dutySpecOf } from "../../src/duties/judge/duty-spec.ts";
import type { DutySource } from "../../src/duties/ports.ts";
import { createHttpDutySource } from "../../src/duties/source/create-http-duty-source.ts";
import type { EpochResult } from "../../src/duties/types.ts";
import { parseChainSpec } from "../../src/chain/chain-spec.ts";
import { systemClock, type Clock } from "../../src/lib/clock.ts";
import { createFakeClock } from "../../src/lib/fake-clock.ts";
import { createLogger } from "../../src/lib/log.ts";
import { openSqliteStore } from "../../src/store/store.ts";
import { genesisTimeMs, lookShare, slotDurationMs, type WatcherReport } from "./scale.ts";

/**
 * What is measured: source, judge and store of duties in a process of their own. `watcher.ts URL NETWORK WATCHED SLOT`; a
 * message with a slot moves its clock there, and is answered with its costs once all work of that slot is done.
 */
const [url = "", network = "0", watched = "0", firstSlot = "0"] = process.argv.slice(2);
const step = Math.floor(Number(network) / Number(watched));
const indices = Uint32Array.from({ length: Number(watched) }, (_, i) => i * step);
// Ten customers with a tenth of the watched each, and four regions.
const cohorts = [
  ...Array.from({ length: 10 }, (_, i) => ({ key: "customer", value: `c${i}`, members: every(10, i) })),
  ...Array.from({ length: 4 }, (_, i) => ({ key: "region", value: `r${i}`, members: every(4, i) })),
];
const folder = mkdtempSync(join(tmpdir(), "slotkeeper-scale-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const store = await openSqliteStore(join(folder, "slotkeeper.db"), () => "", columnCodec);

const raw = (await (await fetch(`${url}/eth/v1/config/spec`)).json()) as { data: unknown };
const parsed = parseChainSpec(raw.data);
if (!parsed.ok) throw new Error(parsed.error.message);
const log = createLogger("warn");
const http = createHttpDutySource({ nodes: [{ name: "bn1", url }], clock: systemClock, spec: parsed.spec, log });
const spent: Record<string, { requests: number; bytes: number }> = {};
const source = metered(http);

const time = createFakeClock(genesisTimeMs + (Number(firstSlot) + lookShare) * slotDurationMs);
let onIdle: (() => void) | undefined;
/** The follower sets its timer when a slot's work is done. */
const clock: Clock = {
  ...time,
  after(delayMs, run) {
    onIdle?.();
    return time.after(delayMs, run);
  },
};
const idle = () => new Promise<void>((resolve) => (onIdle = resolve));
let last: EpochResult | undefined;
const started = idle();
const watchedSet = { indices, cohorts, policyOf: () => undefined };
const cause = { code: "unknown", confidence: "possible" as const, evidence: [] };
const follower = await followDuties({
  ...{ source, store: store.duties, spec: dutySpecOf(raw.data), clock, log, maxBackfillEpochs: 10 },
  timing: { spec: parsed.spec, genesis: { genesisTimeMs } },
  watched: () => watchedSet,
  causesOf: () => () => cause,
  unresolvedKeys: () => [],
  learn: () => undefined,
  onStored: (result) => (last = result),
  onChange: () => undefined,
});
await started;
process.send?.(report());

process.on("message", (slot: number) => {
  const done = idle();
  void time
    .advance(genesisTimeMs + (slot + lookShare) * slotDurationMs - time.now())
    .then(() => done)
    .then(() => process.send?.(report()));
});
process.on("disconnect", () => process.exit());

function report(): WatcherReport {
  const { user, system } = process.cpuUsage();
  const { cursor, kind, detail } = follower.state();
  const by = (read: (one: { requests: number; bytes: number }) => number) =>
    Object.fromEntries(Object.entries(spent).map(([name, one]) => [name, read(one)]));
  return {
    cpuS: (user + system) / 1e6,
    rssMb: process.memoryUsage.rss() / 1e6,
    requests: http.cost.requests,
    megabytes: (http.cost.bytesReceived + http.cost.bytesSent) / 1e6,
    megabytesBy: by(({ bytes }) => bytes / 1e6),
    requestsBy: by(({ requests }) => requests),
    provisionalEpoch: cursor?.provisionalEpoch ?? -1,
    finalEpoch: cursor?.finalEpoch ?? -1,
    ...{ kind, detail, caveats: last?.caveats ?? [] },
    ...{ assigned: last?.network.assigned ?? 0, included: last?.network.included ?? 0 },
    exceptions: last?.exceptions.length ?? 0,
  };
}

/** Counts by method; the follower makes one call after the other. */
function metered(of: DutySource): DutySource {
  return new Proxy(of, {
    get(target, name: keyof DutySource) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        const before = target.cost;
        const result: unknown = await (value as (...all: unknown[]) => Promise<unknown>)(...args);
        const after = target.cost;
        const sum = (spent[name] ??= { requests: 0, bytes: 0 });
        sum.requests += after.requests - before.requests;
        sum.bytes += after.bytesReceived + after.bytesSent - before.bytesReceived - before.bytesSent;
        return result;
      };
    },
  });
}

function every(count: number, offset: number): Uint32Array {
  return Uint32Array.from(
    { length: Math.floor((indices.length - offset - 1) / count) + 1 },
    (_, i) => i * count + offset,
  );
}
