import type { StoredTransition, TransitionsPage } from "../../../src/api/contract.ts";
import type { Health, OperatorState } from "../../../src/upstream/types.ts";

/** A stretch of one node's last hour. `unrecorded` is where nothing is known: it is drawn as a gap, never as healthy. */
export interface TimelineSpan {
  fromAt: number;
  toAt: number;
  health: Health | "unrecorded";
  operator: OperatorState;
}

interface TimelineInput {
  /** This node's transitions, in any order. */
  transitions: readonly StoredTransition[];
  current: { health: Health; operator: OperatorState; sinceAt: number };
  /** Transitions are complete from here on; before it nothing may be assumed. */
  recordedFromAt: number;
  /** When the current state was last confirmed; after it the state is unrecorded. */
  confirmedAt: number;
  gaps: TransitionsPage["gaps"];
  fromAt: number;
  toAt: number;
}

/** Walks back from the present state through the transitions; what cannot be known stays unrecorded. */
export function nodeTimeline(input: TimelineInput): readonly TimelineSpan[] {
  const { fromAt, toAt, current } = input;
  const changes = input.transitions
    .filter((change) => change.kind === "health" || change.kind === "operator")
    .sort((a, b) => b.at - a.at || b.id - a.id);
  const changesInWindow = changes.filter((change) => change.at >= fromAt);
  const spans: TimelineSpan[] = [];
  const known = Math.min(toAt, Math.max(input.confirmedAt, fromAt));
  if (known < toAt) spans.push({ fromAt: known, toAt, health: "unrecorded", operator: "active" });
  let endAt = known;
  let health: TimelineSpan["health"] = current.health;
  let operator: OperatorState = current.operator;
  for (const [index, change] of changesInWindow.entries()) {
    if (change.at < endAt) spans.push({ fromAt: change.at, toAt: endAt, health, operator });
    endAt = Math.min(endAt, change.at);
    if (change.kind === "health") health = healthBefore(change, changes.slice(index + 1));
    else operator = change.from as OperatorState;
  }
  // With no change on record since `sinceAt`, the present state holds back to it; further back only where the record is whole.
  const reachesTo =
    changesInWindow.length === 0 ? Math.min(current.sinceAt, input.recordedFromAt) : input.recordedFromAt;
  const knownFrom = Math.min(endAt, Math.max(fromAt, reachesTo));
  if (knownFrom < endAt) spans.push({ fromAt: knownFrom, toAt: endAt, health, operator });
  if (fromAt < knownFrom) spans.push({ fromAt, toAt: knownFrom, health: "unrecorded", operator: "active" });
  return cutGaps(spans.reverse(), input.gaps);
}

/**
 * A gateway that starts knows nothing yet, so its first change is "from unknown", whatever the one before it had seen: what
 * that one saw last holds until then (`gaps` cut out the time in between), and before the very first start there is no record.
 */
function healthBefore(change: StoredTransition, older: readonly StoredTransition[]): TimelineSpan["health"] {
  if (change.from !== "unknown") return change.from as Health;
  const last = older.find((other) => other.kind === "health");
  return last === undefined ? "unrecorded" : (last.to as Health);
}

/** Spans that were lost before the monitor could read them are unrecorded, whatever the walk says. */
function cutGaps(spans: readonly TimelineSpan[], gaps: TransitionsPage["gaps"]): readonly TimelineSpan[] {
  return gaps.reduce<readonly TimelineSpan[]>(
    (rest, gap) =>
      rest.flatMap((span) => {
        const fromAt = Math.max(span.fromAt, gap.fromAt);
        const toAt = Math.min(span.toAt, gap.toAt);
        if (fromAt >= toAt) return [span];
        const parts: TimelineSpan[] = [
          { ...span, toAt: fromAt },
          { fromAt, toAt, health: "unrecorded", operator: "active" },
          { ...span, fromAt: toAt },
        ];
        return parts.filter((part) => part.fromAt < part.toAt);
      }),
    spans,
  );
}

/** One line for ears and search: "ready 58 min, down 2 min". */
export function timelineSummary(spans: readonly TimelineSpan[], duration: (ms: number) => string): string {
  const totals = new Map<string, number>();
  for (const span of spans) {
    const word = span.health === "unrecorded" ? "no record" : span.health;
    totals.set(word, (totals.get(word) ?? 0) + span.toAt - span.fromAt);
  }
  return [...totals]
    .sort((a, b) => b[1] - a[1])
    .map(([word, ms]) => `${word} ${duration(ms)}`)
    .join(", ");
}
