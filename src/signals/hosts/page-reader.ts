import type { HttpGet } from "../../fleet/sources/source-io.ts";
import { defaultExpositionLimits, parseExposition } from "../exposition.ts";
import { hostMetricNames } from "../host-metrics.ts";
import type { SignalReasonCode } from "../reasons.ts";
import { indexSamples, type SampleIndex } from "../sample-lookup.ts";
import { clientMetricNames } from "./read-client.ts";

/** One look at one place. `at`: when the figures were taken, milliseconds since the epoch. */
export type PageReading =
  { ok: true; index: SampleIndex; at: number } | { ok: false; error: { code: SignalReasonCode; message: string } };

/** A validator client with 10,000 keys and a series for each of twenty figures has a page of about 20 MB. */
export const maxPageBytes = 32 * 1024 * 1024;
export const wantedNames: ReadonlySet<string> = new Set([...hostMetricNames, ...clientMetricNames]);

/** Reads one metrics page. Never rejects. */
export async function readPage(
  url: string,
  get: HttpGet,
  now: () => number,
  signal: AbortSignal,
): Promise<PageReading> {
  const headers = { accept: "text/plain;version=0.0.4, application/openmetrics-text;q=0.5" };
  const page = await get(url, { headers, maxBytes: maxPageBytes, signal });
  if (!page.ok) return failedPage(page.kind === "too-large" ? "page-no-metrics" : "page-silent", page.message);
  if (page.status !== 200) return failedPage("page-refused", `answered with status ${page.status}`);
  const all = parseExposition(page.body, { ...defaultExpositionLimits, names: wantedNames });
  if (all.isTruncated) return failedPage("page-no-metrics", "the page is too large or has endless lines");
  if (all.samples.length === 0) return failedPage("page-no-metrics", "no metric of a machine or a client is on it");
  return { ok: true, index: indexSamples(all.samples), at: now() };
}

export function failedPage(code: SignalReasonCode, message: string): PageReading & { ok: false } {
  return { ok: false, error: { code, message: message.slice(0, 300) } };
}
