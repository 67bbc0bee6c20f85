import { isDeepStrictEqual } from "node:util";
import type { Cancel, Clock } from "../lib/clock.ts";
import { withDeadline } from "../lib/deadline.ts";
import { backoffMs } from "../lib/retry.ts";
import type { SourceSummary } from "./check-inventory.ts";
import type { ReadLimit } from "./follow-fleet.ts";
import type { SourceListing } from "./merge-sources.ts";
import { sameSettings } from "./same-settings.ts";
import type { ListedValidator, SourceReading } from "./sources/reading.ts";
import { readSource } from "./sources/read-source.ts";
import type { SourceIo } from "./sources/source-io.ts";
import type { SourceState } from "./validator.ts";
import type { ValidatorSource } from "./validator-sources.ts";

export interface FollowSourceOptions {
  source: ValidatorSource;
  io: SourceIo;
  clock: Clock;
  random: () => number;
  limit: ReadLimit;
  /** It lists others than before, or what it says of itself changed. */
  onChange: () => void;
  onError: (error: unknown) => void;
  /** The same source before its settings changed. */
  keep: FollowedSource | undefined;
}

/** One source that is read again and again. What it listed last stays while it cannot be read. */
export interface FollowedSource {
  state(): SourceState;
  listing(): SourceListing;
  summary(): SourceSummary;
  /** Whether these are the settings that it is read with. */
  isFor(source: ValidatorSource): boolean;
  readNow(): Promise<void>;
  readonly firstRead: Promise<void>;
  stop(): void;
}

const deadlineMs = 45_000;
const firstRetryMs = 2_000;
/** Files are looked at this often, and read when they stayed the same from one look to the next. */
const fileLookMs = 1_000;

interface Outcome {
  validators: readonly ListedValidator[];
  readAt: number | undefined;
  skipped: readonly string[];
  skippedCount: number;
  error?: SourceState["error"];
}

export function followSource(options: FollowSourceOptions): FollowedSource {
  const { source, io, clock } = options;
  const stopped = new AbortController();
  const path = source.kind === "text" || source.kind === "csv" ? source.path : undefined;
  let outcome: Outcome = keptOutcome(options.keep);
  // One object for as long as it lists the same, because labels are shared by its identity.
  let listing: SourceListing = { source, validators: outcome.validators };
  let failures = 0;
  let cancelNext: Cancel = () => undefined;
  let reading: Promise<void> | undefined;
  let stampTried = "";
  let stampSeen = "";

  function readNow(isForced = true): Promise<void> {
    reading ??= options.limit(() => readOnce(isForced)).finally(() => (reading = undefined));
    return reading;
  }

  async function readOnce(isForced: boolean): Promise<void> {
    if (stopped.signal.aborted) return;
    cancelNext();
    try {
      const stamp = await stampNow();
      // Somebody is writing: a look reads it when it has settled.
      if (!isForced && stamp !== stampTried && stamp !== stampSeen) return;
      stampTried = stamp;
      const result = await withDeadline(clock, deadlineMs, stopped.signal, (signal) => readSource(source, io, signal));
      if (!stopped.signal.aborted && (await stampNow()) === stamp) take(result);
    } finally {
      if (!stopped.signal.aborted) cancelNext = clock.after(nextDelay(), readByItself);
    }
  }

  function readByItself(): void {
    readNow(false).catch(options.onError);
  }

  async function stampNow(): Promise<string> {
    return path === undefined ? "" : io.stampOf(path);
  }

  function take(result: SourceReading): void {
    const now = clock.now();
    if (!result.ok) {
      failures += 1;
      outcome = { ...outcome, error: { ...result.error, at: now } };
      return;
    }
    failures = 0;
    const { validators, skipped, skippedCount } = result;
    const isSame =
      outcome.readAt !== undefined &&
      outcome.skippedCount === skippedCount &&
      sameListing(outcome.validators, validators);
    outcome = { validators: isSame ? outcome.validators : validators, skipped, skippedCount, readAt: now };
    if (isSame) return;
    listing = { source, validators };
    options.onChange();
  }

  /** A source that fails is asked again sooner, later each time, but never less often than it is read when it works. */
  function nextDelay(): number {
    return failures === 0 ? source.refreshMs : backoffMs(failures - 1, firstRetryMs, source.refreshMs, options.random);
  }

  /** Half a file may be a valid one with fewer validators: it is read only when two looks in a row found it the same. */
  async function look(file: string): Promise<void> {
    const stamp = await io.stampOf(file);
    const isSettled = stamp === stampSeen;
    stampSeen = stamp;
    if (isSettled && stamp !== stampTried) await readNow();
  }

  const firstRead = readNow().catch(options.onError);
  const stopLooking =
    path === undefined
      ? () => undefined
      : clock.every(fileLookMs, () => {
          look(path).catch(options.onError);
        });

  return {
    state: () => ({
      name: source.name,
      kind: source.kind,
      readAt: outcome.readAt,
      validators: outcome.validators.length,
      ...(outcome.error && { error: outcome.error }),
      skipped: outcome.skipped,
    }),
    listing: () => listing,
    summary: () => ({
      name: source.name,
      validators: outcome.readAt === undefined ? undefined : outcome.validators.length,
      skipped: outcome.skippedCount,
    }),
    isFor: (other) => sameSettings(source, other),
    readNow,
    firstRead,
    stop() {
      stopped.abort();
      stopLooking();
      cancelNext();
    },
  };
}

function keptOutcome(keep: FollowedSource | undefined): Outcome {
  const nothing: Outcome = { validators: [], readAt: undefined, skipped: [], skippedCount: 0 };
  if (!keep) return nothing;
  const { readAt, skipped, error } = keep.state();
  const { validators } = keep.listing();
  return { validators, readAt, skipped, skippedCount: keep.summary().skipped, ...(error && { error }) };
}

function sameListing(a: readonly ListedValidator[], b: readonly ListedValidator[]): boolean {
  if (a.length !== b.length) return false;
  const equal = new Map<object, object>();
  return a.every((left, i) => {
    const right = b[i];
    if (!right || left.pubkey !== right.pubkey || left.index !== right.index || left.held !== right.held) return false;
    if (left.labels === right.labels || equal.get(left.labels) === right.labels) return true;
    if (!isDeepStrictEqual(left.labels, right.labels)) return false;
    equal.set(left.labels, right.labels);
    return true;
  });
}
