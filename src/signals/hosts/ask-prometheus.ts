import { revealHeaders } from "../../fleet/secret.ts";
import type { HttpGet } from "../../fleet/sources/source-io.ts";
import type { Sample } from "../exposition.ts";
import { indexSamples } from "../sample-lookup.ts";
import type { PrometheusServer } from "../signal-sources.ts";
import { failedPage, maxPageBytes, wantedNames, type PageReading } from "./page-reader.ts";

const maxSeries = 100_000;
/** Prometheus itself goes on showing a series for five minutes after its target fell silent. */
const maxQueryChars = 8_000;

export type VectorAnswer = { ok: true; samples: readonly (Sample & { at: number })[] } | { ok: false; message: string };

/**
 * One instant query, for what must be a vector or a scalar, which is a vector of one sample without labels. Never rejects. `at` is the instant of evaluation, milliseconds since the
 * epoch. Source: prometheus.io/docs/prometheus/latest/querying/api (errors come as JSON with 400, 422 or 503).
 */
export async function askVector(
  { url, headers, token }: PrometheusServer,
  query: string,
  get: HttpGet,
  signal: AbortSignal,
  maxBytes = maxPageBytes,
): Promise<VectorAnswer> {
  const sent = {
    accept: "application/json",
    ...(token && { authorization: `Bearer ${token.reveal()}` }),
    ...revealHeaders(headers),
  };
  if (query.length > maxQueryChars) return { ok: false, message: "the query is too long" };
  const asked = `${url}/api/v1/query?query=${encodeURIComponent(query)}`;
  const answer = await get(asked, { headers: sent, maxBytes, signal });
  if (!answer.ok) return { ok: false, message: answer.message };
  const body = parseObject(answer.body);
  if (body?.["status"] === "error" || answer.status !== 200) {
    const said = typeof body?.["error"] === "string" ? `: ${printable(body["error"])}` : "";
    return { ok: false, message: `answered with status ${answer.status}${said}` };
  }
  return readVector(body);
}

function readVector(body: Record<string, unknown> | undefined): VectorAnswer {
  const data = body?.["status"] === "success" ? asObject(body["data"]) : undefined;
  const result = data?.["resultType"] === "scalar" ? [{ metric: {}, value: data["result"] }] : vectorIn(data);
  if (!Array.isArray(result)) return { ok: false, message: whyNoVector(data) };
  if (result.length > maxSeries) return { ok: false, message: `the answer has more than ${maxSeries} series` };
  const samples: (Sample & { at: number })[] = [];
  for (const item of result as unknown[]) {
    const series = asObject(item);
    const value = series?.["value"];
    const metric = asObject(series?.["metric"]);
    if (!metric || !Array.isArray(value)) return { ok: false, message: "the answer has a series without a value" };
    const [at, text] = value as unknown[];
    if (typeof at !== "number" || typeof text !== "string")
      return { ok: false, message: "the answer has a value that is none" };
    const labels = Object.create(null) as Record<string, string>;
    for (const [label, of] of Object.entries(metric)) if (typeof of === "string") labels[label] = of;
    samples.push({ name: labels["__name__"] ?? "", labels, value: numberOf(text), at: at * 1000 });
  }
  return { ok: true, samples };
}

function vectorIn(data: Record<string, unknown> | undefined): unknown {
  return data?.["resultType"] === "vector" ? data["result"] : undefined;
}

function whyNoVector(data: Record<string, unknown> | undefined): string {
  const type = data?.["resultType"];
  return type === "matrix" || type === "string"
    ? `the query gives a ${type}, where a vector or a scalar is needed`
    : "the answer is no vector in JSON: is this a Prometheus?";
}

/** Every series of one target that a machine or a client is judged by, as of its last scrape. Never rejects. */
export async function readTarget(
  server: PrometheusServer,
  instance: string,
  get: HttpGet,
  signal: AbortSignal,
): Promise<PageReading> {
  const of = `instance="${quote(instance)}"`;
  // The answer's own time is that of the question: `timestamp()` tells when the target was scraped.
  const scraped = await askVector(server, `timestamp(up{${of}})`, get, signal);
  if (!scraped.ok) return failedPage("prometheus-failed", scraped.message);
  const at = Math.max(...scraped.samples.map(({ value }) => value * 1000).filter(Number.isFinite));
  if (at === -Infinity) return failedPage("prometheus-no-target", `no target has the label instance "${instance}"`);
  const names = [...wantedNames].join("|");
  const figures = await askVector(server, `{__name__=~"${names}",${of}}`, get, signal);
  if (!figures.ok) return failedPage("prometheus-failed", figures.message);
  if (figures.samples.length === 0)
    return failedPage("prometheus-no-target", `the target "${instance}" is down or has none of the metrics looked for`);
  return { ok: true, index: indexSamples(figures.samples), at };
}

/** As PromQL quotes a string. */
export function quote(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberOf(text: string): number {
  if (text === "+Inf") return Infinity;
  if (text === "-Inf") return -Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").slice(0, 200);
}
