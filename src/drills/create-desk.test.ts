import { expect, test } from "vitest";
import { now } from "../control/testing/samples.ts";
import { AppError } from "../lib/app-error.ts";
import { createFakeClock } from "../lib/fake-clock.ts";
import { silentLogger } from "../lib/log.ts";
import { createDrillDesk } from "./create-desk.ts";
import { createScriptedGateway } from "./testing/scripted-gateway.ts";
import type { DrillProgress, DrillRecord, DrillRequest } from "./types.ts";

const place = { gateway: "main", group: "default", node: "bn1" };
const hang: DrillRequest = { ...place, kind: "hang", durationMs: 30_000, by: "alice" };
const reset = { node: "bn1", outcome: "reset", status: undefined, durationMs: 3 };

function open() {
  const clock = createFakeClock(now);
  const gateway = createScriptedGateway(clock);
  const records: DrillRecord[] = [];
  const audited: DrillRecord[] = [];
  const told: DrillProgress[] = [];
  const desk = createDrillDesk({
    gateways: () => new Map([["main", gateway]]),
    store: { add: (record) => Promise.resolve(void records.push(record)), past: () => Promise.resolve(records) },
    ...{ clock, random: () => 0.5, log: silentLogger },
    onEnded: (record) => Promise.resolve(audited.push(record)),
  });
  desk.onProgress((progress) => told.push(progress));
  return { clock, gateway, desk, records, audited, told };
}

/** Begins, and lets the clock stand where the fault is in effect. */
async function begin(under: ReturnType<typeof open>, request: Partial<DrillRequest> = {}) {
  const begun = await under.desk.start({ ...hang, ...request });
  await under.clock.advance(0);
  return begun;
}

test("a drill goes through its phases, is scored, stored and audited, and stays in sight for a minute", async () => {
  const under = open();
  const { clock, gateway, desk, records, audited, told } = under;
  const { id, phase } = await begin(under);
  expect(phase).toBe("starting");
  await clock.advance(400);
  gateway.leave("bn1");
  gateway.evidenceOf({
    durationMs: 120,
    answers: [reset, { ...reset, node: "bn2", outcome: "answered", status: 200 }],
  });
  await clock.advance(30_000);
  expect(gateway.lease).toBeUndefined();
  gateway.comeBack("bn1");
  await clock.advance(2_000);

  expect([...new Set(told.map((each) => each.phase))]).toEqual([
    "guarding",
    "starting",
    "running",
    "recovering",
    "done",
  ]);
  expect(records).toHaveLength(1);
  expect(audited).toEqual(records);
  expect(records[0]).toMatchObject({
    ...{ ...place, id, kind: "hang", by: "alice", outcome: "passed", startedAt: now, liftedAt: now + 30_000 },
    score: { detectMs: 400, detectReason: "no-answer", switchMs: 120, affected: 1, failed: 0, recoverMs: 400 },
    evidence: [{ durationMs: 120, servedBy: "bn2" }],
  });
  expect(desk.running()).toMatchObject([{ id, phase: "done" }]);
  await clock.advance(61_000);
  expect(desk.running()).toEqual([]);
});

test("the lease is renewed for as long as the drill is watched", async () => {
  const under = open();
  await begin(under);
  for (let seconds = 0; seconds < 25; seconds++) {
    await under.clock.advance(1_000);
    expect((under.gateway.lease?.expiresAt ?? 0) - under.clock.now()).toBeGreaterThan(6_000);
  }
});

test("guards refuse with a reason and a time, nothing is shown and nothing stored; force overrules the soft ones", async () => {
  const under = open();
  under.gateway.startedAt = now - 60_000;
  const refused = await begin(under);
  expect(refused).toMatchObject({
    phase: "refused",
    findings: [{ reason: "gateway-just-started", isSoft: true, tryAgainAt: now - 60_000 + 32 * 12_000 }],
  });
  expect(refused.sentence).toContain("gateway started a moment ago");
  expect(under.gateway.calls).not.toContain("start");
  await under.clock.advance(60_000);
  expect(under.records).toEqual([]);
  expect(await begin(under, { isForced: true })).toMatchObject({ phase: "starting" });
});

test("a gateway that refuses, or allows no faults, ends it before it began", async () => {
  const under = open();
  under.gateway.refusal = new AppError("show hang: not allowed", { code: "faults-not-allowed" });
  await begin(under);
  expect(under.desk.running()).toMatchObject([{ phase: "refused", findings: [{ reason: "faults-not-allowed" }] }]);
  under.gateway.refusal = new AppError("show hang: the port is taken", { code: "fault-failed" });
  await begin(under);
  expect(under.desk.running().map(({ findings }) => findings[0]?.reason)).toContain("gateway-refused");
});

test("a failed duty request lifts the fault at once, and the drill has failed", async () => {
  const under = open();
  await begin(under);
  await under.clock.advance(1_000);
  under.gateway.evidenceOf({ status: 502, node: undefined, answers: [reset] });
  await under.clock.advance(250);
  expect(under.gateway.lease).toBeUndefined();
  await under.clock.advance(2_000);
  expect(under.records[0]).toMatchObject({ outcome: "failed", score: { failed: 1 } });
  expect(under.told.at(-1)).toMatchObject({
    phase: "aborted",
    findings: [{ reason: "duty-failed" }, { isSoft: true }],
  });
});

test("another node that leaves ends it early, before anything failed", async () => {
  const under = open();
  await begin(under);
  under.gateway.leave("bn3");
  await under.clock.advance(250);
  expect(under.gateway.lease).toBeUndefined();
  await under.clock.advance(2_000);
  expect(under.records[0]).toMatchObject({ outcome: "aborted", findings: [{ reason: "other-node-left" }, {}, {}] });
});

test("a person ends it at once; ending it again is fine, and an unknown one is not", async () => {
  const under = open();
  const { id } = await begin(under);
  under.desk.abort(id, "bob");
  await under.clock.advance(1);
  expect(under.gateway.lease).toBeUndefined();
  await under.clock.advance(2_000);
  expect(under.records[0]?.findings[0]).toMatchObject({ reason: "ended-by-person", detail: "bob" });
  under.desk.abort(id, "bob");
  expect(() => under.desk.abort("nonsense", "bob")).toThrow(/no drill/);
});

test("a gateway that falls silent has lifted the fault by itself: the drill says so and ends", async () => {
  const under = open();
  await begin(under);
  await under.clock.advance(1_000);
  under.gateway.error = new Error("unreachable");
  await under.clock.advance(10_000);
  expect(under.told.at(-1)?.phase).toBe("running");
  await under.clock.advance(12_000);
  under.gateway.lease = undefined;
  under.gateway.error = undefined;
  await under.clock.advance(3_000);
  expect(under.records[0]).toMatchObject({
    outcome: "aborted",
    findings: [{ reason: "gateway-unknown-state" }, {}, {}],
  });
});

test("a node that does not come back is a failed drill", async () => {
  const under = open();
  await begin(under);
  under.gateway.leave("bn1");
  await under.clock.advance(30_000 + 95_000);
  expect(under.records[0]).toMatchObject({ outcome: "failed", score: { recoverMs: undefined } });
  expect(under.records[0]?.findings.map(({ reason }) => reason)).toContain("node-not-back");
});

test("a monitor that stops lifts the fault and records the drill before it leaves", async () => {
  const under = open();
  await begin(under);
  await under.desk.stop();
  expect(under.gateway.lease).toBeUndefined();
  expect(under.records[0]?.findings[0]).toMatchObject({ reason: "monitor-stopping" });
  await expect(under.desk.start(hang)).rejects.toMatchObject({ code: "monitor-stopping" });
});

test("names that do not exist are answered with those that do, and a group runs one drill at a time", async () => {
  const under = open();
  const start = (request: Partial<DrillRequest>) => under.desk.start({ ...hang, ...request });
  await expect(start({ gateway: "x" })).rejects.toMatchObject({ code: "unknown-gateway" });
  await expect(start({ group: "x" })).rejects.toThrow(/only default/);
  await expect(start({ node: "x" })).rejects.toThrow(/only bn1, bn2, bn3/);
  await expect(start({ kind: "x" as "hang" })).rejects.toMatchObject({ code: "unknown-drill-kind" });
  await expect(start({ settings: { speed: 3 } })).rejects.toMatchObject({ code: "unknown-drill-kind" });
  await expect(start({ durationMs: 0 })).rejects.toMatchObject({ code: "bad-request" });
  await begin(under);
  await expect(start({ node: "bn2" })).rejects.toMatchObject({ code: "drill-runs" });
});

test("evidence that was overwritten before it was read is told, not guessed", async () => {
  const under = open();
  await begin(under);
  for (let index = 0; index < 130; index++) under.gateway.evidenceOf({});
  await under.clock.advance(250);
  expect(under.desk.running()[0]?.score).toMatchObject({ dutyRequests: 100, unseen: 30 });
});
