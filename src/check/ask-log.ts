import { basename } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { logSignatures } from "../signals/log-signatures.ts";
import { readLogTail } from "../signals/log-tail.ts";
import { matchLog } from "../signals/match-log.ts";
import type { LogEvidence } from "./evidence.ts";
import { failed } from "./facts.ts";

/** Reads the end of a log and matches it against the catalogue. Never rejects. */
export async function askLog(path: string, clock: Clock): Promise<LogEvidence> {
  const subject = { kind: "log", name: basename(path), url: path } as const;
  const startedAt = clock.monotonic();
  const tail = await readLogTail(path);
  if (!tail.ok) return { subject, page: failed("failed", `${path}: ${tail.message}`) };
  const at = clock.now();
  const reading = matchLog(tail.lines, logSignatures, new Date(tail.writtenAt).getUTCFullYear());
  const value = { reading, writtenAt: tail.writtenAt, isWhole: tail.isWhole };
  return { subject, page: { kind: "known", value, at, latencyMs: clock.monotonic() - startedAt } };
}
