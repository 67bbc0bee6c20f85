import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredTransition } from "../../../src/api/contract.ts";
import { nodeTimeline, type TimelineSpan } from "./timeline.ts";

const fromAt = 1_000_000;
const toAt = fromAt + 3_600_000;

function change(at: number, from: string, to: string, kind: "health" | "operator" = "health"): StoredTransition {
  return { id: at, gateway: "g", group: "main", node: "bn-1", at, kind, from, to, reason: "in-sync", detail: "" };
}

function timeline(transitions: StoredTransition[], part: Partial<Parameters<typeof nodeTimeline>[0]> = {}) {
  const current = { health: "ready", operator: "active", sinceAt: 0 } as const;
  return nodeTimeline({ transitions, current, recordedFromAt: 0, confirmedAt: toAt, gaps: [], fromAt, toAt, ...part });
}

const words = (spans: readonly TimelineSpan[]) =>
  spans.map((span) => `${span.health} ${(span.toAt - span.fromAt) / 60_000}`);

describe("nodeTimeline", () => {
  it("walks back from the present state through the changes", () => {
    const spans = timeline([change(fromAt + 600_000, "ready", "down"), change(fromAt + 1_200_000, "down", "ready")]);
    expect(words(spans)).toEqual(["ready 10", "down 10", "ready 40"]);
  });

  it("draws nothing where the record does not reach", () => {
    const spans = timeline([change(fromAt + 1_200_000, "down", "ready")], { recordedFromAt: fromAt + 600_000 });
    expect(words(spans)).toEqual(["unrecorded 10", "down 10", "ready 40"]);
  });

  it("trusts the present state back to its own beginning when there is no change on record", () => {
    const current = { health: "ready", operator: "active", sinceAt: fromAt + 1_800_000 } as const;
    expect(words(timeline([], { current, recordedFromAt: toAt }))).toEqual(["unrecorded 30", "ready 30"]);
  });

  it("is unrecorded since the gateway fell silent", () => {
    expect(words(timeline([], { confirmedAt: toAt - 300_000 }))).toEqual(["ready 55", "unrecorded 5"]);
  });

  it("cuts lost spans out", () => {
    const gaps = [{ gateway: "g", fromAt: fromAt + 600_000, toAt: fromAt + 1_200_000, count: 3 }];
    expect(words(timeline([], { gaps }))).toEqual(["ready 10", "unrecorded 10", "ready 40"]);
  });

  it("keeps the operator's state beside the health", () => {
    const current = { health: "ready", operator: "cordoned", sinceAt: 0 } as const;
    const spans = timeline([change(fromAt + 1_800_000, "active", "cordoned", "operator")], { current });
    expect(spans.map((span) => span.operator)).toEqual(["active", "cordoned"]);
  });

  it("does not draw the time before the first start as unknown", () => {
    expect(words(timeline([change(fromAt + 600_000, "unknown", "ready")]))).toEqual(["unrecorded 10", "ready 50"]);
  });

  it("keeps what was seen last before a gateway was started anew", () => {
    const changes = [change(fromAt - 60_000, "unknown", "ready"), change(fromAt + 600_000, "unknown", "ready")];
    expect(words(timeline(changes))).toEqual(["ready 10", "ready 50"]);
  });

  it("covers the window once, in order, whatever came in", () => {
    const at = fc.integer({ min: fromAt - 1_000_000, max: toAt });
    const health = fc.constantFrom("unknown", "ready", "down", "suspect", "syncing");
    const changes = fc.array(fc.tuple(at, health, health).map(([time, from, to]) => change(time, from, to)));
    const gap = fc
      .tuple(at, at)
      .map(([a, b]) => ({ gateway: "g", fromAt: Math.min(a, b), toAt: Math.max(a, b), count: 1 }));
    fc.assert(
      fc.property(
        changes,
        fc.array(gap, { maxLength: 4 }),
        at,
        at,
        at,
        (transitions, gaps, recordedFromAt, confirmedAt, sinceAt) => {
          const current = { health: "ready", operator: "active", sinceAt } as const;
          const spans = timeline(transitions, { gaps, recordedFromAt, confirmedAt, current });
          expect(spans[0]?.fromAt).toBe(fromAt);
          expect(spans.at(-1)?.toAt).toBe(toAt);
          for (const [index, span] of spans.entries()) {
            expect(span.toAt).toBeGreaterThan(span.fromAt);
            if (index > 0) expect(span.fromAt).toBe(spans[index - 1]?.toAt);
          }
        },
      ),
    );
  });
});
