import type { HttpGet } from "../fleet/sources/source-io.ts";
import { defaultExpositionLimits, parseExposition } from "./exposition.ts";
import { readValidatorClient, vcMetricNames } from "./read-validator-client.ts";
import { indexSamples } from "./sample-lookup.ts";

/** A client with 10,000 keys and a series for each of twenty figures has a page of about 20 MB. */
const maxPageBytes = 32 * 1024 * 1024;

export type KeyCount =
  { ok: true; client: string; keys: number } | { ok: false; error: { code: string; message: string } };

/** How many keys a validator client says that it has loaded, by its metrics page. Never rejects. */
export async function readKeyCount(name: string, url: string, get: HttpGet, signal: AbortSignal): Promise<KeyCount> {
  const action = `read metrics of ${name}`;
  const fail = (code: string, message: string): KeyCount => ({ ok: false, error: { code, message } });
  const headers = { accept: "text/plain;version=0.0.4, application/openmetrics-text;q=0.5" };
  const page = await get(url, { headers, maxBytes: maxPageBytes, signal });
  if (!page.ok)
    return fail(page.kind === "timeout" ? "source-timeout" : "source-unreachable", `${action}: ${page.message}`);
  if (page.status !== 200) return fail("source-status", `${action}: answered with status ${page.status}`);
  const { samples, isTruncated } = parseExposition(page.body, { ...defaultExpositionLimits, names: vcMetricNames });
  if (isTruncated) return fail("source-too-large", `${action}: the page is too large`);
  const reading = readValidatorClient(indexSamples(samples));
  if (reading?.keys === undefined)
    return fail("source-wrong-shape", `${action}: no known validator client tells its number of keys there`);
  return { ok: true, client: reading.client, keys: reading.keys };
}
