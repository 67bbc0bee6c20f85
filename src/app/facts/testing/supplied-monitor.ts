import type { HistorySample } from "../../../control/observed-gateway.ts";
import type { GatewayListener } from "../../../control/read-rings.ts";
import type { ArrivalRecord, EvidenceRecord } from "../../../control/types.ts";
import type { CohortTotals, EpochResult } from "../../../duties/types.ts";
import { createFakeClock } from "../../../lib/fake-clock.ts";
import { silentLogger } from "../../../lib/log.ts";
import { createFactSupply } from "../create-fact-supply.ts";
import { writeUsual } from "../kept-requests.ts";
import type { FactParts, FactStore } from "../types.ts";
import { epochMs, fleetOf, timing } from "./made-up-epoch.ts";
import { gatewayOf, groupOf, nodeOf } from "./made-up-gateway.ts";

const quarterMs = 900_000;

/** A supply over a small made-up monitor: one gateway, two nodes, one host, one log, 30 validators; all is well. */
export function createSuppliedMonitor(
  startAt: number,
  stored: readonly EpochResult[],
  /** Cohorts of all epochs; without them only the stored epochs have any. */
  past: readonly CohortTotals[] = [],
) {
  const clock = createFakeClock(startAt);
  const fleet = fleetOf({ a: 20, b: 10 }, { group: "main", validatorClient: "vc1" });
  const results = new Map(stored.map((result) => [result.epoch, result]));
  const samples: HistorySample[] = [];
  const closed = new Set<number>();
  let tell: (result: EpochResult) => void = () => undefined;
  let hear: GatewayListener | undefined;
  const epochNow = () => Math.floor((clock.now() - timing.genesisTimeMs) / epochMs);
  const newest = () => (results.size === 0 ? undefined : Math.max(...results.keys()));
  const between = (from: number, to: number) =>
    [...results.values()].filter(({ epoch }) => epoch >= from && epoch <= to);
  const config = {
    monitor: { gateways: [{ name: "gw1" }] },
    ...{ nodes: [{ name: "bn1" }, { name: "bn2" }], groups: [{ name: "main" }], hosts: [{ name: "h1" }] },
    ...{ logs: [{ name: "l1" }], relays: [{ name: "r1", url: "" }], gateway: { clients: [] } },
  } as unknown as ReturnType<FactParts["config"]>;

  const store: FactStore = {
    duties: {
      lastEpoch: async () => newest(),
      result: async (epoch) => results.get(epoch),
      epochs: async () => [],
      cohorts: async (from, to, key) =>
        past.length > 0
          ? Array.from({ length: to - from + 1 }, (_, n) => past.map((each) => ({ ...each, epoch: from + n })))
              .flat()
              .filter((each) => each.key === key)
          : between(from, to).flatMap(({ epoch, cohorts }) =>
              cohorts.filter((each) => each.key === key).map((each) => ({ ...each, epoch })),
            ),
      exceptions: async ({ fromEpoch = 0 }) => ({
        items: between(fromEpoch, Infinity).flatMap(({ exceptions }) => exceptions),
      }),
      proposals: async ({ fromEpoch, toEpoch }) =>
        between(fromEpoch, toEpoch).flatMap(({ epoch, proposals }) => proposals.map((each) => ({ ...each, epoch }))),
      slashings: async (from, to) =>
        between(from, to).flatMap(({ epoch, slashings }) => slashings.map((each) => ({ ...each, epoch }))),
    },
    history: { samples: async (fromAt) => samples.filter(({ at }) => at >= fromAt) },
    journal: { lostSpans: async () => [] },
    settings: { get: async () => usualText(), set: async () => undefined },
  };
  const usualText = () => writeUsual(usualRequests(startAt), usualLatencies(startAt));

  const monitor = {
    ...{ clock, fleet, closed, config, isOn: true },
    /** As the watch over duties does it. */
    store(result: EpochResult) {
      results.set(result.epoch, result);
      tell(result);
    },
    hearRequests() {
      hear?.evidence("gw1", requests(clock.now()), undefined);
      hear?.arrivals("gw1", arrivals(clock.now()), false);
    },
    sample(...some: Pick<HistorySample, "at" | "readyNodes">[]) {
      const rest = { gateway: "gw1", group: "main", totalNodes: 2, requestsPerSecond: 1, failedRequests: 0 };
      samples.push(...some.map((each) => ({ ...rest, headLagSlots: 0, finalityDistanceEpochs: 2, ...each })));
    },
  };
  const supply = createFactSupply({
    config: () => config,
    observed() {
      const now = clock.now();
      return [gatewayOf("gw1", now, [groupOf(now, [nodeOf("bn1", now), nodeOf("bn2", now)])])];
    },
    duties: {
      state: () => ({
        ...{ at: clock.now(), state: monitor.isOn ? "following" : "off", sentence: "", currentSlot: epochNow() * 32 },
        ...{ ...timing, currentEpoch: epochNow(), watched: 30, network: 1_000, provisionalEpoch: newest() },
        ...{ finalEpoch: newest(), finalizedEpoch: epochNow() - 2, live: [], cost: undefined },
        retention: { columnEpochs: 1, exceptionEpochs: 1, cohortEpochs: 1, dailyCohortDays: 1, epochsPerDay: 225 },
      }),
      watched: () => fleet,
      chain: () => chainSpec,
      onStored: (listener) => (tell = listener),
      hear: (listener) => (hear = listener),
      ports: { fleet: () => ({ keys: [keysAt(clock.now())] }) },
    },
    signals: { hosts: () => [hostAt(clock.now())], logs: () => [followedLog], events: () => [] },
    ...{ store, clock, log: silentLogger },
    undelivered: () => [{ channel: "mail", count: 0 }],
    closedSlashings: () => closed,
    storeFailingSince: () => undefined,
  });
  return Object.assign(monitor, { supply });
}

const chainSpec = {
  ...timing,
  forks: [{ name: "gloas", version: "0x", epoch: 100_000 }],
  deadlines: { attestation: 3_333 },
} as unknown as ReturnType<FactParts["duties"]["chain"]>;

function usualRequests(startAt: number): Parameters<typeof writeUsual>[0] {
  const quarters: Record<number, number> = {};
  const watched: Record<number, true> = {};
  for (let quarter = Math.floor(startAt / quarterMs) - 200; quarter * quarterMs <= startAt; quarter += 1) {
    quarters[quarter] = 100;
    watched[quarter] = true;
  }
  return { clients: { "main vc1": { group: "main", client: "vc1", lastAt: startAt, minutes: {}, quarters } }, watched };
}

function usualLatencies(startAt: number): Parameters<typeof writeUsual>[1] {
  const hour = Math.floor(startAt / 3_600_000);
  const recent = Array.from({ length: 30 }, (_, n) => ({ at: startAt - 300_000 + n * 10_000, ms: 10 }));
  const hours = Array.from({ length: 30 }, (_, n) => ({ hour: hour - 30 + n, ms: 10 }));
  return { "gw1 main bn1": { group: "main", node: "bn1", recent, hours, running: { hour, values: [] } } };
}

function requests(now: number): EvidenceRecord[] {
  const record = {
    slot: undefined,
    group: "main",
    client: "vc1",
    requestId: "",
    method: "GET",
    route: "x",
    policy: "x",
  };
  const served = { status: 200, durationMs: 1, node: undefined, headRoot: undefined, answers: [] };
  return Array.from({ length: 10 }, () => ({ at: now, ...record, ...served }));
}

function arrivals(now: number): ArrivalRecord[] {
  const slot = Math.floor((now - timing.genesisTimeMs) / timing.slotDurationMs);
  return Array.from({ length: 60 }, (_, n) => ({
    ...{ at: timing.genesisTimeMs + (slot - n) * timing.slotDurationMs + 1_000, group: "main", node: "bn1" },
    ...{ kind: "block" as const, slot: slot - n, root: "0x" },
  }));
}

function keysAt(now: number): ReturnType<FactParts["duties"]["ports"]["fleet"]>["keys"][number] {
  return {
    ...{
      place: "vc1",
      kind: "validator-client",
      checkedAt: now,
      expected: 30,
      loaded: 30,
      missing: [],
      unexpected: [],
    },
    ...{ doubled: [], counts: { missing: 0, unexpected: 0, doubled: 0 } },
  };
}

function hostAt(now: number): ReturnType<FactParts["signals"]["hosts"]>[number] {
  const process = { place: "http://h1:1/metrics", readAt: now, client: "x", keys: undefined, peers: undefined };
  const resources = { cpuCores: 1, residentBytes: 1, openFiles: 1, maxFiles: 9, startedAt: 0, restarts: 0 };
  return {
    ...{ name: "h1", provider: "north", region: undefined, verdict: "good", readAt: now, cores: 4, load1: 1 },
    findings: [{ verdict: "good", reason: "host-clock-good", detail: "", facts: { offsetMs: 1 } }],
    ...{ cpu: { busy: 0.2, ioWait: 0, steal: 0 }, memoryTotalBytes: 10, memoryAvailableBytes: 5, bootedAt: 0 },
    disks: [
      {
        ...{ mountpoint: "/", device: "d", sizeBytes: 10, availableBytes: 5, isReadOnly: false, freeInodes: 1 },
        forecast: { normal: { bytesPerDay: 0, daysToFull: undefined }, withoutFinality: undefined, historyMs: 1 },
      },
    ],
    processes: [{ ...process, ...resources }],
    pages: [],
  };
}

const followedLog: ReturnType<FactParts["signals"]["logs"]>[number] = {
  ...{ name: "l1", kind: "file", client: "teku", node: "bn1", validatorClient: undefined, state: "log-followed" },
  ...{ detail: "", lines: 1, lastLineAt: 1, matches: {}, unexplainedErrors: 0, lastUnexplained: undefined },
};
