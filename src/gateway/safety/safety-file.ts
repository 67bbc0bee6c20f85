import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Hold, SourceWatermark } from "../../control/types.ts";
import { AppError, describeError } from "../../lib/app-error.ts";

/** What must outlive a restart of the gateway: a person's hold, and the source below which nothing is served. */
export interface SafetyRecord {
  hold?: Hold;
  watermark?: SourceWatermark;
  /** Genesis validators root: a watermark of another network says nothing. */
  network?: string;
}

const version = 1;

/**
 * Reads the record at `path`. A file that is not there is an empty record; one that cannot be read is too, with a
 * sentence for the operator.
 */
export function readSafetyRecord(path: string): { record: SafetyRecord; problem?: string } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { record: {} };
    return { record: {}, problem: problemOf(path, error) };
  }
  try {
    return { record: parseRecord(JSON.parse(text)) };
  } catch (error) {
    return { record: {}, problem: problemOf(path, error) };
  }
}

function problemOf(path: string, error: unknown): string {
  return `read the safety state ${path}: ${describeError(error)}; there is no hold and no source watermark now: if you had set a hold, set it again`;
}

function parseRecord(value: unknown): SafetyRecord {
  const { version: written, hold, watermark, network } = (value ?? {}) as Record<string, unknown>;
  if (written !== version) throw new Error("not a safety state of this version");
  const record: SafetyRecord = {};
  if (hold !== undefined) {
    const { reason, by, at } = (hold ?? {}) as Partial<Hold>;
    if (typeof reason !== "string" || typeof by !== "string" || typeof at !== "number")
      throw new Error("the hold is not whole");
    record.hold = { reason, by, at };
  }
  if (watermark !== undefined) {
    const { epoch, at } = (watermark ?? {}) as Partial<SourceWatermark>;
    if (!Number.isSafeInteger(epoch) || (epoch as number) < 0 || typeof at !== "number")
      throw new Error("the watermark is not whole");
    record.watermark = { epoch: epoch as number, at };
  }
  if (typeof network === "string") record.network = network;
  return record;
}

/** Writes by rename after fsync, mode 0600. Throws `AppError` `safety-write` when the disk refuses. */
export function writeSafetyRecord(path: string, record: SafetyRecord): void {
  const draft = `${path}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(draft, "w", 0o600);
    try {
      writeSync(fd, `${JSON.stringify({ version, ...record })}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (cause) {
    throw new AppError(`store the safety state in ${path}: free the disk or correct its rights`, {
      code: "safety-write",
      cause,
      retryable: true,
    });
  }
}
