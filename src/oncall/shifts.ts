import { dayMs } from "./local-time.ts";
import { changesBetween } from "./changes.ts";
import { onCallAt, type Nobody, type OnCall } from "./on-call-at.ts";
import { turnGrid } from "./turns.ts";
import type { OnCallSource, Schedule, Shift } from "./types.ts";

/** Nobody is on call in `[fromAt, toAt)`, ms since 1970. */
export interface Gap {
  fromAt: number;
  toAt: number;
  /** Of its first instant. */
  reason: Nobody;
}

/** A time in which nothing changes. */
interface Piece {
  fromAt: number;
  toAt: number;
  onCall: OnCall;
}

/**
 * Who is on call from `fromAt` until before `toAt` (ms since 1970), in order, cut at both ends. Turns of one person that follow
 * each other in one layer are one shift.
 */
export function shifts(schedule: Schedule, fromAt: number, toAt: number): Shift[] {
  return merge(piecesOf(schedule, fromAt, toAt), isSameSource);
}

/** Shifts of which some part is in the span: each turn of a rotation for itself, and none cut by the span. */
export function wholeTurns(schedule: Schedule, fromAt: number, toAt: number): Shift[] {
  // A turn is as long as its period, and longer only where the clock is changed.
  const marginMs = Math.max(0, ...schedule.layers.map((layer) => turnGrid(layer).periodMs)) + 2 * dayMs;
  const touching = schedule.overrides.filter((each) => each.fromAt < toAt && each.toAt > fromAt);
  const start = Math.min(fromAt - marginMs, ...touching.map((each) => each.fromAt));
  const end = Math.max(toAt + marginMs, ...touching.map((each) => each.toAt));
  return merge(piecesOf(schedule, start, end), isSameTurn).filter(
    (shift) => shift.fromAt < toAt && shift.toAt > fromAt,
  );
}

/**
 * The next shift that begins after `at`, of this person if one is given; `undefined`: none begins within `withinMs`
 * (90 days unless given). Its end is cut there.
 */
export function nextShift(
  schedule: Schedule,
  at: number,
  { person, withinMs = 90 * dayMs }: { person?: string; withinMs?: number } = {},
): Shift | undefined {
  return shifts(schedule, at, at + withinMs).find(
    (shift) =>
      (person === undefined || shift.person === person) &&
      (shift.fromAt > at || (shift.fromAt === at && onCallAt(schedule, at - 1).person !== shift.person)),
  );
}

/** When nobody is on call from `fromAt` until before `toAt` (ms since 1970), in order. */
export function gaps(schedule: Schedule, fromAt: number, toAt: number): Gap[] {
  const found: Gap[] = [];
  for (const piece of piecesOf(schedule, fromAt, toAt)) {
    if (piece.onCall.person !== undefined) continue;
    const last = found.at(-1);
    if (last?.toAt === piece.fromAt) last.toAt = piece.toAt;
    else found.push({ fromAt: piece.fromAt, toAt: piece.toAt, reason: piece.onCall.reason });
  }
  return found;
}

function piecesOf(schedule: Schedule, fromAt: number, toAt: number): Piece[] {
  if (fromAt >= toAt) return [];
  const starts = [fromAt, ...changesBetween(schedule, fromAt, toAt)];
  return starts.map((start, n) => ({
    fromAt: start,
    toAt: starts[n + 1] ?? toAt,
    onCall: onCallAt(schedule, start),
  }));
}

/** Pieces that follow each other with one person are one shift where their sources are `isOne`. */
function merge(pieces: readonly Piece[], isOne: (a: OnCallSource, b: OnCallSource) => boolean): Shift[] {
  const merged: Shift[] = [];
  for (const { fromAt, toAt, onCall } of pieces) {
    if (onCall.person === undefined) continue;
    const last = merged.at(-1);
    if (last?.toAt === fromAt && last.person === onCall.person && isOne(last.source, onCall.source)) last.toAt = toAt;
    else merged.push({ fromAt, toAt, person: onCall.person, source: onCall.source });
  }
  return merged;
}

function isSameSource(a: OnCallSource, b: OnCallSource): boolean {
  if (a.kind === "layer") return b.kind === "layer" && a.layer.name === b.layer.name;
  return b.kind === "override" && a.override === b.override;
}

function isSameTurn(a: OnCallSource, b: OnCallSource): boolean {
  if (a.kind === "layer") return b.kind === "layer" && a.layer === b.layer && a.turn === b.turn;
  return b.kind === "override" && a.override === b.override;
}
