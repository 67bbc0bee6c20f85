import { request, type Dispatcher } from "undici";
import type { Clock } from "../lib/clock.ts";
import { withDeadline } from "../lib/deadline.ts";
import type { ErrorClass, SendResult } from "../outbox/types.ts";

/** By which channels reach their providers. */
export interface HttpParts {
  dispatcher: Dispatcher;
  clock: Clock;
}

export interface HttpCall {
  method: "POST" | "GET";
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Ms until the call ends as `timeout`. */
  deadlineMs: number;
  signal: AbortSignal;
}

export type HttpAnswer =
  { ok: true; status: number; headers: Dispatcher.ResponseData["headers"]; body: string } | Failed;
export type Failed = { ok: false; errorClass: ErrorClass; detail: string };

const maxAnswerBytes = 256 * 1024;

/**
 * One call to a provider: never throws, follows no redirect, keeps no more than 256 KB. The URL is in no detail: it may hold a token.
 */
export async function callHttp(url: string, call: HttpCall, { dispatcher, clock }: HttpParts): Promise<HttpAnswer> {
  return withDeadline(clock, call.deadlineMs, call.signal, async (signal) => {
    try {
      const { method, headers, body = null } = call;
      const response = await request(url, { dispatcher, method, headers, body, signal });
      const answer = await readText(response.body);
      return { ok: true, status: response.statusCode, headers: response.headers, body: answer };
    } catch (error) {
      if (signal.aborted) return { ok: false, errorClass: "timeout", detail: "no complete answer in time" };
      return { ok: false, ...failureOf(codeOf(error)) };
    }
  });
}

async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is longer is no answer of these interfaces; the status is enough.
    if (size > maxAnswerBytes) {
      body.destroy();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const neverSent: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "host name not found",
  EAI_AGAIN: "host name could not be looked up",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  UND_ERR_CONNECT_TIMEOUT: "connection timed out",
};

function failureOf(code: string): { errorClass: ErrorClass; detail: string } {
  const known = neverSent[code];
  if (known !== undefined) return { errorClass: "unreachable", detail: known };
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code))
    return { errorClass: "unreachable", detail: `TLS failed (${code})` };
  return {
    errorClass: "ambiguous",
    detail: `the connection ended without an answer${code === "" ? "" : ` (${code})`}`,
  };
}

/** The code may sit on the error, on its cause, or (one attempt per address) on the first of several errors. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  return inner === undefined ? "" : codeOf(inner);
}

export function failedCall({ errorClass, detail }: Failed): SendResult & { kind: "failed" } {
  return { kind: "failed", errorClass, detail };
}

/** What a status says where the provider says no more. `undefined` for 2xx. */
export function failureOfStatus(
  answer: HttpAnswer & { ok: true },
  said = "",
): (SendResult & { kind: "failed" }) | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const detail = `answered ${status}${said === "" ? "" : `: ${said.slice(0, 200)}`}`;
  const failed = (errorClass: ErrorClass) => ({ kind: "failed", errorClass, detail }) as const;
  if (status === 429) return { ...failed("rate-limited"), ...retryAfterOf(answer.headers["retry-after"]) };
  if (status === 503) return { ...failed("unreachable"), ...retryAfterOf(answer.headers["retry-after"]) };
  // A gateway in front of the provider may answer after the provider took it.
  if (status >= 500) return failed("ambiguous");
  if (status === 408 || status === 425) return failed("unreachable");
  return failed("refused");
}

const longestRetryAfterMs = 3_600_000;

/** `Retry-After` in seconds (RFC 9110); a date or nonsense is left to the usual wait. At most an hour. */
export function retryAfterOf(value: string | string[] | number | undefined): { retryAfterMs?: number } {
  const seconds =
    typeof value === "number" ? value : Number.parseFloat(String(Array.isArray(value) ? value[0] : value));
  return Number.isFinite(seconds) && seconds >= 0
    ? { retryAfterMs: Math.min(longestRetryAfterMs, Math.ceil(seconds * 1_000)) }
    : {};
}

/** The answer as a JSON object; `undefined` where it is none. */
export function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
