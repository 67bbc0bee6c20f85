import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readAudit, startDrillBed, startDutyTraffic, type DrillBed } from "./support/drill-bed.ts";

let bed: DrillBed;
beforeEach(async () => {
  bed = await startDrillBed();
});
afterEach(() => bed.stop());

const fault = { group: "main", node: "bn1", kind: "refuse", by: "tests", isForced: true, leaseMs: 60_000 };
const group = async () => (await bed.control.status()).groups[0];
const bn1 = async () => (await group())?.nodes.find(({ node }) => node === "bn1");

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

test("a drill on the node that serves costs no request, says what it saw, and the node is back", async () => {
  const traffic = startDutyTraffic(bed);
  const drill = await bed.drill({ kind: "refuse", durationMs: 1_500 });
  await traffic.stop();
  expect(traffic.failures).toEqual([]);
  expect(drill).toMatchObject({ phase: "done", score: { failed: 0, detectReason: expect.any(String) as string } });
  expect(drill.score.dutyRequests).toBeGreaterThan(10);
  expect(bed.records).toMatchObject([{ id: drill.id, outcome: "passed", kind: "refuse" }]);
  expect((await group())?.view.ready).toContain(drill.node);
  expect((await group())?.faults).toBeUndefined();
});

test("a caller that dies leaves no fault behind: the lease runs out in the gateway", async () => {
  await bed.control.startFault({ ...fault, leaseMs: 300 });
  expect((await group())?.faults).toMatchObject([{ node: "bn1", kind: "refuse", by: "tests" }]);
  await until(async () => (await group())?.faults === undefined);
  await until(async () => (await bn1())?.health === "ready");
  expect(readAudit(bed).map(({ action, result }) => `${action}: ${result}`)).toEqual([
    "fault.refuse: asked",
    "fault.refuse: done (asked in record 1)",
    "fault.ended: done: its lease was not renewed",
  ]);
});

test("a configuration that moves the node ends its fault", async () => {
  await bed.control.startFault(fault);
  bed.role.reconfigure(await bed.load("http://127.0.0.1:9"));
  await until(async () => (await group())?.faults === undefined);
});

test("the gateway itself asks the guards: with nobody to take over there is no fault, by force neither", async () => {
  for (const name of ["bn2", "bn3"]) await bed.control.setOperatorState("main", name, "cordoned", "tests");
  await expect(bed.control.startFault(fault)).rejects.toThrow(/no other ready node/);
  expect(await bed.drill({ kind: "hang", node: "bn1" })).toMatchObject({
    phase: "refused",
    findings: [{ reason: "no-other-ready-node" }, { reason: "gateway-just-started" }],
  });
});

test("the last other node's leaving lifts the fault at once, before anybody could ask for it", async () => {
  await bed.control.startFault({ ...fault, kind: "hang" });
  await bed.control.setOperatorState("main", "bn2", "cordoned", "tests");
  expect((await group())?.faults).toHaveLength(1);
  await bed.control.setOperatorState("main", "bn3", "cordoned", "tests");
  await until(async () => (await group())?.faults === undefined);
});

test("a gateway that is not told to allow faults shows none", async () => {
  await bed.stop();
  bed = await startDrillBed({ allowFaults: false });
  await expect(bed.control.startFault(fault)).rejects.toThrow(/gateway.allowFaults/);
  expect(await bed.drill({ kind: "hang" })).toMatchObject({ phase: "refused", findings: [{}, {}] });
});
