import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillRequest } from "../../src/drills/types.ts";
import { startDrillBed, startDutyTraffic, untilReady, type DrillBed } from "../support/drill-bed.ts";

/** The kinds that a gateway takes a node out of service for, and what it must see; the others it may serve through. */
const kinds: readonly [Pick<DrillRequest, "kind" | "settings" | "durationMs">, RegExp | undefined][] = [
  // A drill cuts the open connections first: a call that was on one of them may be the first to tell.
  [{ kind: "refuse", durationMs: 4_000 }, /refused|reset|broken|call-failed/],
  [{ kind: "reset", durationMs: 4_000 }, /reset|broken|call-failed/],
  [{ kind: "reset", settings: { at: "body" }, durationMs: 4_000 }, /reset|broken|call-failed/],
  [{ kind: "hang", durationMs: 4_000 }, /slow-answer|no-answer|call-failed/],
  [{ kind: "drip", durationMs: 5_000 }, /slow-answer|no-answer|call-failed/],
  [{ kind: "drip", settings: { at: "head" }, durationMs: 5_000 }, /slow-answer|no-answer|call-failed/],
  [{ kind: "status-5xx", durationMs: 4_000 }, /broken|http-error|call-failed/],
  [{ kind: "not-ready-206", durationMs: 4_000 }, /is-syncing|not-ready/],
  [{ kind: "stale-head", durationMs: 12_000 }, /head-behind/],
  [{ kind: "wrong-fork", durationMs: 12_000 }, /uncorroborated|minority-branch|head-behind/],
  [{ kind: "el-offline", durationMs: 4_000 }, /el-offline/],
  [{ kind: "frozen-stream", durationMs: 5_000 }, undefined],
  [{ kind: "garbage", durationMs: 4_000 }, /broken|not-a-beacon-node|unreadable|call-failed/],
];

describe("drills on the serving node of three, with duty requests all the while", () => {
  let bed: DrillBed;
  beforeAll(async () => {
    bed = await startDrillBed();
  });
  afterAll(() => bed.stop());

  it.each(kinds)("%j loses no request, is seen, and the node comes back", async (request, reason) => {
    await untilReady(bed, ["bn1", "bn2", "bn3"]);
    const traffic = startDutyTraffic(bed);
    const drill = await bed.drill(request);
    await traffic.stop();
    expect(traffic.failures).toEqual([]);
    expect(drill).toMatchObject({ phase: "done", score: { failed: 0 } });
    expect(drill.score.detectReason ?? "stayed").toMatch(reason ?? /stayed/);
    expect(drill.score.dutyRequests).toBeGreaterThan(50);
    expect(bed.records.at(-1)).toMatchObject({ id: drill.id, outcome: "passed" });
  });
});
