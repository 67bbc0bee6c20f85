import type { Dispatcher } from "undici";
import type { Clock } from "../lib/clock.ts";
import { gather } from "./gather.ts";
import { makeReport, type CheckReport } from "./report.ts";
import { parseTargets } from "./targets.ts";

/** What a person asked for on the command line. */
export interface CheckRequest {
  nodes: readonly string[];
  references: readonly string[];
  validatorClients: readonly string[];
  hosts: readonly string[];
  logs: readonly string[];
  expectKeys: number | undefined;
}

export interface CheckOptions {
  clock: Clock;
  dispatcher: Dispatcher;
  /** For everything together, milliseconds. */
  timeoutMs: number;
}

/** Gathers, asks and reports. Throws an `AppError` with code `bad-url` for a text that is no URL, and nothing else. */
export async function runCheck(request: CheckRequest, options: CheckOptions): Promise<CheckReport> {
  const { clock, dispatcher, timeoutMs } = options;
  const targets = parseTargets(request);
  const startedAt = clock.monotonic();
  const logs = [...new Set(request.logs)];
  const gathering = { clock, dispatcher, deadlineAt: startedAt + timeoutMs };
  const evidence = await gather(targets, logs, request.expectKeys, gathering);
  return makeReport(evidence, clock.monotonic() - startedAt, targets.notes);
}
