import { z } from "zod";
import { fingerprintOf, labelOf, trimLabels, type Labels } from "../labels.ts";
import type { InboundSource } from "./types.ts";

const maxLabels = 64;
const maxValueLength = 2_000;
const maxAnnotationLength = 10_000;
export const maxAlertsPerRequest = 1_000;

const labelName = z.string().min(1).max(200);

/** Labels as others send them: names and values are bounded, empty ones are left out. */
export const labelsIn = z
  .record(labelName, z.string().max(maxValueLength))
  .refine((labels) => Object.keys(labels).length <= maxLabels, { error: `more than ${maxLabels} labels` })
  .transform((labels): Labels => trimLabels(labels));

/** Long texts are cut, never refused: an alarm is worth more than its text. */
export const annotationsIn = z
  .record(labelName, z.string())
  .refine((labels) => Object.keys(labels).length <= maxLabels, { error: `more than ${maxLabels} annotations` })
  .transform((texts): Labels => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, cut(text)])));

export function cut(text: string): string {
  return text.length > maxAnnotationLength ? `${text.slice(0, maxAnnotationLength - 1)}…` : text;
}

/** RFC 3339 as ms since 1970; Go's zero time (year 1) and nothing at all are 0. */
export const timeIn = z
  .string()
  .max(64)
  .transform((text, ctx): number => {
    const at = text === "" ? 0 : Date.parse(text);
    if (!Number.isNaN(at)) return Math.max(0, at);
    ctx.addIssue({ code: "custom", message: "not an RFC 3339 time" });
    return z.NEVER;
  });

export function inboundFingerprint(source: InboundSource, labels: Labels, key = ""): string {
  // A name that no sender's label can have keeps these apart from our own alerts.
  const own = { " source": source, " key": key };
  return fingerprintOf(key === "" ? { ...labels, ...own } : own);
}

/** Does the alert have a name, or at least one label? */
export function isNameable(labels: Labels): boolean {
  return labelOf(labels, "alertname") !== "" || Object.keys(labels).length > 0;
}
