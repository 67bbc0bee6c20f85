import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { auditHash, firstPreviousHash, type AuditRecord } from "../access/audit.ts";
import { startSimGateway, type SimGateway } from "./testing/sim-gateway.ts";

let sim: SimGateway;
afterEach(() => sim.stop());

const attestationData = () => `/eth/v1/validator/attestation_data?slot=${sim.node("a").sight().slot}&committee_index=0`;
const get = (path: string) => fetch(`${sim.url}${path}`, { headers: { connection: "close" } });
const auditPath = () => join(sim.folder, "data", "gateway.audit.jsonl");
const records = () =>
  readFileSync(auditPath(), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as AuditRecord);

test("a hold withholds what validators sign over, survives a restart, and ends with the release", async () => {
  sim = await startSimGateway(["a", "b"]);
  expect((await get(attestationData())).status).toBe(200);
  await sim.control.hold("main", "key 7 slashed", "alice");
  expect((await sim.groupWhere(() => true)).hold).toMatchObject({ reason: "key 7 slashed", by: "alice" });
  expect((await get(attestationData())).status).toBe(503);
  expect((await get("/eth/v1/beacon/headers/head")).status).toBe(200);
  await sim.stopGateway();
  await sim.startGateway();
  await sim.groupWhere(({ hold, view }) => hold?.by === "alice" && view.ready.length === 2);
  expect((await get(attestationData())).status).toBe(503);
  await sim.control.release("main", "bob");
  expect((await sim.groupWhere(() => true)).hold).toBeUndefined();
  expect((await get(attestationData())).status).toBe(200);
  await expect(sim.control.release("main", "bob")).rejects.toMatchObject({ refusal: "not-held", status: 409 });
  expect(records().map(({ actor, action, target, result }) => [actor, action, target, result])).toEqual([
    ["alice", "group.hold", "gateway/main", "asked"],
    ["alice", "group.hold", "gateway/main", "done (asked in record 1)"],
    ["bob", "group.release", "gateway/main", "asked"],
    ["bob", "group.release", "gateway/main", "done (asked in record 3)"],
    ["bob", "group.release", "gateway/main", "asked"],
    [
      "bob",
      "group.release",
      "gateway/main",
      expect.stringMatching(/^failed: .*nothing is held.*\(asked in record 5\)$/),
    ],
  ]);
});

test("a watermark is reset once; where there is none, it says so", async () => {
  sim = await startSimGateway(["a", "b"]);
  await expect(sim.control.resetWatermark("main", "alice")).rejects.toMatchObject({
    refusal: "no-watermark",
    status: 409,
  });
  expect(records().map(({ result }) => result)).toEqual([
    "asked",
    expect.stringMatching(/^failed: .*there is none.*\(asked in record 1\)$/),
  ]);
});

test("a branch cannot be chosen while the nodes agree: it is refused, and the refusal is in the audit", async () => {
  sim = await startSimGateway(["a", "b"]);
  await expect(sim.control.chooseBranch("main", `0x${"ab".repeat(32)}`, "alice")).rejects.toMatchObject({
    code: "control-refused",
    refusal: "no-split",
    status: 409,
  });
  expect(records().map(({ action, result }) => [action, result])).toEqual([
    ["group.branch", "asked"],
    ["group.branch", expect.stringMatching(/^failed: .*\(asked in record 1\)$/s)],
  ]);
});

test("groups and nodes that do not exist are refused with the names that do, and leave no record", async () => {
  sim = await startSimGateway(["a", "b"]);
  await expect(sim.control.hold("mian", "x", "alice")).rejects.toThrow(
    "hold: gateway gateway has no group mian; it has main",
  );
  await expect(sim.control.drain("main", "nope", "alice", false)).rejects.toThrow(
    "set nope to draining: group main has no such node; it has a, b",
  );
  await expect(sim.control.drain("main", "nope", "alice", false)).rejects.toMatchObject({ refusal: "unknown-node" });
  expect(() => records()).toThrow(/ENOENT/);
});

test("what was asked for and has no outcome is told at the next start", async () => {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  sim = await startSimGateway(["a"], log);
  await sim.stopGateway();
  const event = {
    at: 1_700_000_000_000,
    actor: "alice",
    action: "group.hold",
    target: "gateway/main",
    result: "asked",
  };
  const record = { ...event, id: 1, previousHash: firstPreviousHash, hash: auditHash(firstPreviousHash, 1, event) };
  mkdirSync(join(sim.folder, "data"), { recursive: true });
  appendFileSync(auditPath(), `${JSON.stringify(record)}\n`);
  await sim.startGateway();
  expect(lines.filter((line) => line.includes("its outcome was not recorded"))).toHaveLength(1);
  expect(lines.find((line) => line.includes("its outcome was not recorded"))).toContain('"action":"group.hold"');
});
