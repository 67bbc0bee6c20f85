import { expect, test } from "vitest";
import type { ChainSpec } from "../../chain/types.ts";
import type { ArrivalRecord, EvidenceRecord } from "../../control/types.ts";
import { arrivalFacts, noteArrivals, type ArrivalMemory } from "./arrival-memory.ts";
import { freshGroups } from "./chain-facts.ts";
import { readUsual, writeUsual } from "./kept-requests.ts";
import { latencyFacts, noteLatencies, type LatencyMemory } from "./latency-memory.ts";
import { logFacts } from "./log-facts.ts";
import { silentFacts, surgeFacts, withHeard } from "./request-facts.ts";
import { countRequests, forgetRequests, noRequests } from "./request-memory.ts";
import { epochMs, epochStartAt, timing } from "./testing/made-up-epoch.ts";
import { gatewayOf, groupOf, nodeOf } from "./testing/made-up-gateway.ts";
import { valueOf } from "./testing/read-facts.ts";

const now = epochStartAt(2_000);
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

function requests(client: string, at: number, count: number): EvidenceRecord[] {
  return Array.from({ length: count }, () => ({
    ...{
      at,
      slot: undefined,
      group: "main",
      client,
      requestId: "",
      method: "GET",
      route: "x",
      policy: "x",
      status: 200,
    },
    ...{ durationMs: 1, node: undefined, headRoot: undefined, answers: [] },
  }));
}

/** So many requests each minute of the two quarters around an instant. */
function around(memory: ReturnType<typeof noRequests>, client: string, at: number, perMinute: number): void {
  for (let minute = -20; minute <= 0; minute += 1)
    countRequests(memory, requests(client, at + minute * minuteMs, perMinute));
}

test("requests of 15 minutes against the same time of day; unknown until a day was watched, 0 below a hundred", () => {
  const memory = noRequests();
  around(memory, "vc1", now, 60);
  expect(surgeFacts(memory, now)).toEqual([]);
  for (const day of [1, 2, 3]) around(memory, "vc1", now - day * dayMs, 10);
  const surge = (client: string) =>
    valueOf(surgeFacts(memory, now), "request_surge_multiple", { group: "main", client });
  expect(surge("vc1")).toBeGreaterThanOrEqual(5.5);
  expect(surge("vc1")).toBeLessThan(7);
  expect(surge("all clients")).toBeGreaterThan(5);
  around(memory, "vc2", now, 6);
  expect(surge("vc2")).toBe(0);
  forgetRequests(memory, now + 9 * dayMs);
  expect(memory).toEqual(noRequests());
});

test("a named client that asks for nothing, anywhere; nobody is silent while a gateway is not heard", () => {
  const memory = noRequests();
  countRequests(memory, [...requests("vc1", now - 2 * epochMs - 1, 1), ...requests("127.0.0.1", now - 9 * epochMs, 1)]);
  const facts = (since: number | undefined, lostAt = 0) =>
    silentFacts(memory, { named: new Set(["vc1", "vc2"]), heard: { since, lostAt }, epochMs, now });
  expect(facts(now - epochMs)).toEqual([
    { name: "client_requests_silent_epochs", labels: { group: "main", client: "vc1" }, value: 2, at: now },
  ]);
  expect(facts(undefined)).toEqual([]);
  // Heard again for less than an epoch, after long: what was asked meanwhile may be lost. After a moment it is read back.
  expect(facts(now - epochMs + 1)).toEqual([]);
  expect(facts(now - minuteMs, now - minuteMs - 20_000)).toHaveLength(1);
  expect(facts(now - minuteMs + 1, now - minuteMs)).toEqual([]);
  countRequests(
    memory,
    requests("vc1", now, 1).map((record) => ({ ...record, group: "other" })),
  );
  expect(facts(now - epochMs).every(({ value }) => value === 0)).toBe(true);
});

test("gateways are heard since the last of them came back; how long one was lost is remembered", () => {
  let heard = withHeard({ since: undefined, lostAt: 0 }, true, 100);
  heard = withHeard(heard, true, 110);
  expect(heard).toEqual({ since: 100, lostAt: 0 });
  heard = withHeard(withHeard(heard, false, 120), false, 130);
  expect(heard).toEqual({ since: undefined, lostAt: 120 });
  expect(withHeard(heard, true, 140)).toEqual({ since: 140, lostAt: 120 });
});

test("answer times against those of 7 days, once a day is known", () => {
  const memory: LatencyMemory = {};
  const note = (from: number, hours: number, latencyMs: number) => {
    for (let at = from; at < from + hours * 3_600_000; at += 30_000)
      noteLatencies(
        memory,
        freshGroups([gatewayOf("a", at, [groupOf(at, [nodeOf("bn1", at, { latencyMs })])])], at),
        at,
      );
  };
  note(now, 20, 10);
  expect(latencyFacts(memory, now + 20 * 3_600_000)).toEqual([]);
  note(now + 20 * 3_600_000, 6, 10);
  const slowFrom = now + 26 * 3_600_000;
  note(slowFrom, 0.5, 80);
  const at = slowFrom + 1_800_000;
  expect(valueOf(latencyFacts(memory, at), "beacon_latency_above_baseline", { group: "main", node: "bn1" })).toBe(8);
  expect(latencyFacts(memory, at + 16 * minuteMs)).toEqual([]);
});

test("what is usual survives a restart, and damaged text is no memory", () => {
  const memory = noRequests();
  countRequests(memory, requests("vc1", now, 3));
  expect(readUsual(writeUsual(memory, {}))).toEqual({ requests: memory, latencies: {} });
  expect(readUsual("{")).toBeUndefined();
  expect(readUsual(JSON.stringify({ version: 2 }))).toBeUndefined();
});

test("blocks that a node had too late while another had them in time; late to all is nobody's fault", () => {
  const spec = { ...timing, forks: [], deadlines: { attestation: 3_333 } } as unknown as ChainSpec;
  const memory: ArrivalMemory = new Map();
  const arrival = (node: string, slot: number, ms: number): ArrivalRecord => ({
    ...{ group: "main", node, kind: "block", slot, root: "0x" },
    at: timing.genesisTimeMs + slot * timing.slotDurationMs + ms,
  });
  for (let slot = 1_000; slot < 1_100; slot += 1) {
    const isLateToAll = slot % 10 === 0;
    noteArrivals(memory, [
      arrival("bn1", slot, isLateToAll ? 5_000 : 2_000),
      arrival("bn2", slot, slot % 4 === 1 ? 4_500 : isLateToAll ? 5_100 : 2_100),
    ]);
  }
  const at = timing.genesisTimeMs + 1_101 * timing.slotDurationMs;
  const facts = arrivalFacts(memory, spec, timing, at);
  expect(valueOf(facts, "blocks_seen_late_ratio", { node: "bn1" })).toBe(0);
  expect(valueOf(facts, "blocks_seen_late_ratio", { node: "bn2" })).toBe(0.25);
  expect(arrivalFacts(memory, spec, timing, at + 3_600_000)).toEqual([]);
});

test("bad lines of 15 minutes by log and signature; a log that is not read says nothing", () => {
  const log = {
    ...{ name: "l1", kind: "file" as const, client: "x", node: undefined, validatorClient: undefined, detail: "" },
    ...{ state: "log-followed" as const, lines: 0, lastLineAt: undefined, matches: {}, unexplainedErrors: 0 },
    lastUnexplained: undefined,
  };
  const signatures = ["x-bad", "y-bad"].map((id) => ({
    ...{ id, client: id.slice(0, 1), severity: "bad" as const, texts: [], means: "", todo: "" },
  }));
  const event = { at: now - minuteMs, source: "l1", signature: "x-bad", severity: "bad" as const };
  const old = { ...event, at: now - 16 * minuteMs };
  expect(logFacts([log], signatures, [event, event, old], now)).toEqual([
    { name: "log_bad_lines", labels: { log: "l1", signature: "x-bad" }, value: 2, at: now },
  ]);
  expect(logFacts([{ ...log, state: "log-starting" }], signatures, [event], now)).toEqual([]);
});
