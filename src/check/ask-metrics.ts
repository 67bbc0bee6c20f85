import { boundedGet } from "../signals/bounded-get.ts";
import { defaultExpositionLimits, parseExposition } from "../signals/exposition.ts";
import { hostMetricNames } from "../signals/host-metrics.ts";
import { cpuUseBetween, readHost, type HostReading } from "../signals/read-host.ts";
import { readValidatorClient, vcMetricNames } from "../signals/read-validator-client.ts";
import { indexSamples, type SampleIndex } from "../signals/sample-lookup.ts";
import type { Fact, HostEvidence, VcEvidence } from "./evidence.ts";
import { failed, pageFailure } from "./facts.ts";
import type { GatherOptions } from "./gather.ts";
import type { Target } from "./targets.ts";

/** A validator client with 10,000 keys and a series for each of twenty figures has a page of about 20 MB. */
const maxPageBytes = 32 * 1024 * 1024;
/** Processor counters tick a hundred times a second: a second apart is enough to tell busy from idle. */
const cpuPauseMs = 1000;

/** Reads a validator client's metrics page. Never rejects. */
export async function askValidatorClient(target: Target, options: GatherOptions): Promise<VcEvidence> {
  const page = await scrape(target, vcMetricNames, options);
  return { subject: target.subject, page: mapPage(page, readValidatorClient) };
}

/** Reads a host's metrics page twice, a second apart where the deadline allows. Never rejects. */
export async function askHost(target: Target, options: GatherOptions): Promise<HostEvidence> {
  const first = mapPage(await scrape(target, hostMetricNames, options), readHost);
  const { clock, deadlineAt } = options;
  const hasTime = clock.monotonic() + cpuPauseMs + 100 < deadlineAt;
  let second: Fact<HostReading | undefined> | undefined;
  if (first.kind === "known" && first.value?.cpuSeconds && hasTime) {
    await clock.sleep(cpuPauseMs);
    second = mapPage(await scrape(target, hostMetricNames, options), readHost);
  }
  const before = first.kind === "known" ? first.value : undefined;
  const after = second?.kind === "known" ? second.value : undefined;
  return { subject: target.subject, page: first, cpu: cpuUseBetween(before, after) };
}

async function scrape(target: Target, names: ReadonlySet<string>, options: GatherOptions): Promise<Fact<SampleIndex>> {
  const { clock, dispatcher, deadlineAt } = options;
  const stop = new AbortController();
  const cancel = clock.after(deadlineAt - clock.monotonic(), () => stop.abort());
  try {
    const headers = { ...target.headers, accept: "text/plain;version=0.0.4, application/openmetrics-text;q=0.5" };
    const result = await boundedGet(target.url, {
      dispatcher,
      clock,
      signal: stop.signal,
      headers,
      maxBytes: maxPageBytes,
    });
    const failure = pageFailure(result);
    if (failure || !result.ok) return failure ?? failed("failed", "no answer");
    const all = parseExposition(result.body, { ...defaultExpositionLimits, names });
    if (all.isTruncated) return failed("not-beacon", "the page is too large or has endless lines");
    if (all.samples.length === 0 && !looksLikeMetrics(result.body)) {
      return failed("not-beacon", `not a metrics page (${result.contentType || "no content type"})`);
    }
    const latencyMs = result.latencyMs;
    return { kind: "known", value: indexSamples(all.samples), at: result.receivedAt, latencyMs };
  } finally {
    cancel();
  }
}

/** Any metric at all, of whatever name: then the page is one, though not of the kind that was hoped for. */
function looksLikeMetrics(body: string): boolean {
  const start = parseExposition(body.slice(0, 100_000));
  return start.samples.length > start.malformedLines;
}

function mapPage<T>(page: Fact<SampleIndex>, read: (index: SampleIndex) => T): Fact<T> {
  return page.kind === "known" ? { ...page, value: read(page.value) } : page;
}
