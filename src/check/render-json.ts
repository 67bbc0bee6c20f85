import { z } from "zod";
import type { CheckReport } from "./report.ts";

const verdict = z.enum(["good", "warning", "bad", "unknown", "not-asked"]);

const subject = z.object({
  kind: z.enum(["node", "reference", "validator-client", "host", "log", "everything"]),
  name: z.string(),
  /** Or the path of a log. Secrets are masked. */
  url: z.string().optional(),
});

/**
 * The report for machines. Within one `schemaVersion` fields are only added; question ids and reason codes stay. `at` is
 * an instant in RFC 3339; a `nextStep` is missing where nothing is to be done.
 */
export const checkJson = z.object({
  schemaVersion: z.literal(1),
  at: z.iso.datetime(),
  durationMs: z.number(),
  verdict: z.enum(["good", "warning", "bad", "unknown"]),
  exitStatus: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  counts: z.record(verdict, z.number().int()),
  subjects: z.array(subject),
  answers: z.array(
    z.object({
      id: z.string(),
      subject,
      verdict,
      reason: z.string(),
      short: z.string(),
      detail: z.string(),
      evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      nextStep: z.string().optional(),
    }),
  ),
  notes: z.array(z.string()),
});

/** The report as one JSON text with a newline at its end. */
export function renderJson(report: CheckReport): string {
  const { at, durationMs, ...rest } = report;
  const body = { schemaVersion: 1, at: new Date(at).toISOString(), durationMs: Math.round(durationMs), ...rest };
  return `${JSON.stringify(body, null, 2)}\n`;
}
