import fc from "fast-check";
import { expect, test } from "vitest";
import type { EvidenceRecord } from "../control/types.ts";
import type { Transition } from "../upstream/types.ts";
import { evidenceOf, scoreOf } from "./score.ts";
import { emptyTally, withRequest, type FaultWindow } from "./tally.ts";
import { duty } from "./testing/scripted-gateway.ts";

const window: FaultWindow = { group: "default", node: "bn1", startedAt: 1_000, liftingAt: 4_990, liftedAt: 5_000 };
const reset = { node: "bn1", outcome: "reset", status: undefined, durationMs: 3 };
const good = { node: "bn2", outcome: "answered", status: 200, durationMs: 9 };
const met = (at: number, durationMs: number, changes: Partial<EvidenceRecord> = {}) =>
  duty({ at, durationMs, answers: [reset, good], ...changes });
const moved = (at: number, from: string, to: string, changes: Partial<Transition> = {}): Transition => ({
  ...{ at, group: "default", node: "bn1", kind: "health", from, to, reason: "no-answer", detail: "" },
  ...changes,
});

function score(records: readonly EvidenceRecord[], transitions: readonly Transition[] = [], shown = window) {
  const tally = records.reduce((before, record) => withRequest(before, record, shown), emptyTally);
  return scoreOf(tally, transitions, 0, shown);
}

test("requests that met the fault are counted, with the time to the first good answer and the worst", () => {
  expect(score([met(1_250, 80), met(1_200, 150), duty({ at: 1_300, durationMs: 5 })])).toMatchObject({
    ...{ dutyRequests: 3, affected: 2, failed: 0, retried: 2, served: 0 },
    // The one that arrived first, not the one that ended first.
    ...{ switchMs: 150, worstMs: 150 },
  });
});

test("requests of other groups, from before the fault and from after it are not counted", () => {
  const others = [met(999, 5), met(6_000, 900), met(2_000, 5, { group: "other" })];
  expect(score(others).dutyRequests).toBe(0);
  expect(score([met(6_000, 1_100)]).affected).toBe(1);
});

test("a failed request is counted whoever failed it; the switch is then told by the next good answer", () => {
  const failed = met(1_500, 400, { status: 502, node: undefined, answers: [reset] });
  expect(score([failed]).switchMs).toBeUndefined();
  expect(score([failed, duty({ at: 1_700, durationMs: 5 }), duty({ at: 1_900, durationMs: 5 })])).toMatchObject({
    ...{ failed: 1, affected: 1, switchMs: 600, worstMs: undefined },
  });
});

test("a client that gave up is a failure where the fault was in its way, and else its own affair", () => {
  const gaveUp = { status: 499, node: undefined };
  expect(score([met(1_500, 400, { ...gaveUp, answers: [reset] })]).failed).toBe(1);
  expect(score([duty({ at: 1_500, ...gaveUp, answers: [good] })]).failed).toBe(0);
});

test("a 4xx of the node is an answer, a 5xx is not", () => {
  const answered = (status: number) => ({ node: "bn1", outcome: "answered", status, durationMs: 3 });
  expect(score([met(1_500, 4, { status: 404, answers: [answered(404)] })]).affected).toBe(0);
  expect(score([met(1_500, 4, { answers: [answered(503), good] })]).affected).toBe(1);
});

test("an answer from the cache asked nobody, whatever was met when it was fetched", () => {
  const hit = met(1_500, 0, { shared: "hit", node: "bn1" });
  expect(score([hit])).toMatchObject({ dutyRequests: 1, affected: 0, served: 0, retried: 0 });
});

test("answers that came from the node itself are counted: with some kinds they are the harm", () => {
  expect(score([duty({ at: 1_500, node: "bn1", answers: [{ ...good, node: "bn1" }] })]).served).toBe(1);
});

test("detection is the first leaving while the fault is shown, recovery the first return after it", () => {
  const transitions = [
    moved(900, "ready", "suspect"),
    moved(1_300, "ready", "suspect", { node: "bn2" }),
    moved(1_400, "ready", "suspect", { reason: "stream-broken" }),
    moved(1_500, "suspect", "down"),
    moved(5_700, "warming", "ready"),
    moved(8_000, "suspect", "ready"),
  ];
  expect(score([], transitions)).toMatchObject({ detectMs: 400, detectReason: "stream-broken", recoverMs: 700 });
  expect(score([], transitions, { ...window, liftingAt: undefined, liftedAt: undefined }).recoverMs).toBeUndefined();
  // Seen before the answer to "lift it" was: at once.
  expect(score([], [moved(4_995, "down", "ready")]).recoverMs).toBe(0);
  expect(score([], [moved(900, "ready", "down")]).detectMs).toBeUndefined();
});

test("the evidence names who was asked and what came of it: failures first, then the slowest, at most fifty", () => {
  const records = Array.from({ length: 80 }, (_, index) => met(2_000 + index, index));
  const failed = met(1_500, 1, { status: 504, requestId: "lost", node: undefined, answers: [reset] });
  const tally = [...records, failed].reduce((before, record) => withRequest(before, record, window), emptyTally);
  const evidence = evidenceOf(tally);
  expect(evidence).toHaveLength(50);
  expect(evidence[0]).toMatchObject({ requestId: "lost", status: 504, servedBy: undefined });
  expect(evidence[1]).toMatchObject({ durationMs: 79, answers: "bn1 reset after 3 ms, bn2 answered 200 after 9 ms" });
});

test("counts and times do not depend on the order in which requests are read, where none failed", () => {
  const record = fc.record({ at: fc.integer({ min: 0, max: 9_000 }), durationMs: fc.integer({ min: 0, max: 3_000 }) });
  fc.assert(
    fc.property(fc.uniqueArray(record, { selector: ({ at, durationMs }) => at - durationMs }), (list) => {
      const records = list.map(({ at, durationMs }) => met(at, durationMs));
      expect(score(records.toReversed())).toEqual(score(records));
    }),
  );
});
