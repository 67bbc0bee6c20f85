import { expect, it } from "vitest";
import type { DrillProgress } from "../../../src/drills/types.ts";
import { canAbort, drillTone, outcomeTone, phaseWord, timeLeft, tookWords } from "./drill-words.ts";

const drill = (part: object) =>
  ({ phase: "running", findings: [], score: { failed: 0 }, ...part }) as unknown as DrillProgress;

it("is fine only when it is done and nothing was found; one failed request is bad in any phase", () => {
  expect(drillTone(drill({}))).toBe("wait");
  expect(drillTone(drill({ phase: "done" }))).toBe("fine");
  expect(drillTone(drill({ phase: "done", findings: [{ reason: "stayed-in-service", isSoft: false }] }))).toBe("warn");
  expect(drillTone(drill({ phase: "done", findings: [{ reason: "gateway-just-started", isSoft: true }] }))).toBe(
    "fine",
  );
  expect(drillTone(drill({ phase: "done", findings: [{ reason: "node-not-back", isSoft: false }] }))).toBe("bad");
  expect(drillTone(drill({ phase: "refused" }))).toBe("warn");
  expect(drillTone(drill({ score: { failed: 1 } }))).toBe("bad");
});

it("can be aborted until its fault is lifted", () => {
  const phases = ["guarding", "starting", "running", "recovering", "done", "aborted", "refused"];
  expect(phases.filter((phase) => canAbort(drill({ phase })))).toEqual(["guarding", "starting", "running"]);
});

it("counts down to the planned end, else to that of the lease", () => {
  const none = { plannedEndAt: undefined, liftedAt: undefined };
  expect(timeLeft({ ...none, plannedEndAt: 10_000 }, { expiresAt: 99_000 }, 1)).toBe("10 s left");
  expect(timeLeft(undefined, { expiresAt: 5_000 }, 1_000)).toBe("4 s left");
  expect(timeLeft({ ...none, plannedEndAt: 10_000 }, undefined, 10_000)).toBe("ends now");
  expect(timeLeft({ plannedEndAt: 10_000, liftedAt: 4_000 }, undefined, 5_000)).toBe("lifted");
  expect(timeLeft(none, undefined, 5_000)).toBe("not begun");
});

it("never shows a time that was not measured as zero", () => {
  expect([tookWords(undefined), tookWords(0), tookWords(212.4), tookWords(12_400)]).toEqual([
    "–",
    "0.0 ms",
    "212 ms",
    "12 s",
  ]);
});

it("reads words that it does not know as themselves, and never as fine", () => {
  expect([phaseWord("paused"), outcomeTone("constructor")]).toEqual(["paused", "unknown"]);
});
