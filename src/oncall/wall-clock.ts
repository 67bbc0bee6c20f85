import { AppError } from "../lib/app-error.ts";

/**
 * A reading of a wall clock, as the ms since 1970 that the same reading would be in UTC. A clock that is put back reads some
 * times twice, and one that is put forward skips some: everything here goes by the latest reading that the clock has shown.
 * So what is due at a time that exists twice is due the first time, and what is due at a skipped time right after the gap.
 */
export type WallMs = number;

/** A time without a change of the offset, `[fromAt, toAt)`. */
interface Segment {
  fromAt: number;
  toAt: number;
  offsetMs: number;
  /** Every reading that the clock had shown before `fromAt` was below this one. */
  shownBefore: WallMs;
}

const hourMs = 3_600_000;
/** Longer than any clock was ever put back, and than any offset from UTC. */
const twoDaysMs = 48 * hourMs;

/** Facts of the time-zone database, read once: a zone has a few hundred segments in two centuries. */
const known = new Map<string, Segment[]>();

/** The latest reading that the wall clock of a zone has shown until `at` (ms since 1970). Throws `time-zone-unknown`. */
export function wallAt(timeZone: string, at: number): WallMs {
  const { offsetMs, shownBefore } = segmentAt(timeZone, at);
  return Math.max(at + offsetMs, shownBefore - 1);
}

/** The first instant, ms since 1970, at which the wall clock of a zone has shown this reading or a later one. */
export function instantOf(timeZone: string, wall: WallMs): number {
  let segment = segmentAt(timeZone, wall - twoDaysMs);
  while (wall - segment.offsetMs >= segment.toAt) segment = segmentAt(timeZone, segment.toAt);
  return Math.max(segment.fromAt, wall - segment.offsetMs);
}

export function isTimeZone(timeZone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function segmentAt(timeZone: string, at: number): Segment {
  let segments = known.get(timeZone);
  if (!segments) {
    if (!isTimeZone(timeZone))
      throw new AppError(`read the time zone "${timeZone}": give an IANA name such as Europe/Berlin`, {
        code: "time-zone-unknown",
      });
    known.set(timeZone, (segments = []));
  }
  const next = firstAfter(segments, at);
  const found = segments[next - 1];
  if (found && at < found.toAt) return found;
  const read = readSegment(timeZone, at);
  segments.splice(next, 0, read);
  return read;
}

/** Index of the first segment that begins after `at`. */
function firstAfter(segments: readonly Segment[], at: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.fromAt ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readSegment(timeZone: string, at: number): Segment {
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timeZone);
  // "previous" is strictly before, so it is asked one ms later.
  const from = zoned.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
  const to = zoned.getTimeZoneTransition("next");
  return {
    fromAt: from?.epochMilliseconds ?? -Infinity,
    toAt: to?.epochMilliseconds ?? Infinity,
    offsetMs: offsetOf(zoned),
    shownBefore: from ? shownUntil(from) : -Infinity,
  };
}

/** The reading that a clock had nearly reached when it was changed. From 1900 to 2100 no clock is changed twice within six days. */
function shownUntil(change: Temporal.ZonedDateTime): WallMs {
  return change.epochMilliseconds + offsetOf(change.subtract({ milliseconds: 1 }));
}

function offsetOf(zoned: Temporal.ZonedDateTime): number {
  return zoned.offsetNanoseconds / 1_000_000;
}
