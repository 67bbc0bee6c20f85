import { request, type Dispatcher } from "undici";
import type { Clock } from "../lib/clock.ts";

export interface BoundedGetOptions {
  dispatcher: Dispatcher;
  clock: Clock;
  /** Ends the request; whoever gives it owns the deadline. */
  signal: AbortSignal;
  headers: Readonly<Record<string, string>>;
  maxBytes: number;
}

export type GetFailureKind = "refused" | "reset" | "unreachable" | "timeout" | "tls" | "too-large" | "failed";

export type GetResult =
  | {
      ok: true;
      status: number;
      contentType: string;
      body: string;
      dateAt: number | undefined;
      receivedAt: number;
      latencyMs: number;
    }
  | { ok: false; kind: GetFailureKind; message: string };

/**
 * One GET of a page that nobody vouches for: never throws, never follows a redirect, never keeps more than `maxBytes`.
 * `dateAt` is the server's own clock from its `Date` header (whole seconds), `receivedAt` ours when the headers came.
 */
export async function boundedGet(url: string, options: BoundedGetOptions): Promise<GetResult> {
  const { clock, signal } = options;
  const startedAt = clock.monotonic();
  try {
    const response = await request(url, {
      dispatcher: options.dispatcher,
      method: "GET",
      headers: { "accept-encoding": "identity", ...options.headers },
      signal,
    });
    const receivedAt = clock.now();
    const body = await readBody(response.body, options.maxBytes);
    if (body === undefined) {
      return { ok: false, kind: "too-large", message: `answered with more than ${options.maxBytes} bytes` };
    }
    const dateAt = Date.parse(header(response.headers, "date"));
    return {
      ok: true,
      status: response.statusCode,
      contentType: header(response.headers, "content-type"),
      body,
      dateAt: Number.isNaN(dateAt) ? undefined : dateAt,
      receivedAt,
      latencyMs: clock.monotonic() - startedAt,
    };
  } catch (error) {
    return failureOf(error, signal);
  }
}

async function readBody(body: Dispatcher.ResponseData["body"], maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      body.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function header(headers: Record<string, string | string[] | undefined>, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

const kindByCode: Readonly<Record<string, { kind: GetFailureKind; message: string }>> = {
  ECONNREFUSED: { kind: "refused", message: "connection refused" },
  ECONNRESET: { kind: "reset", message: "connection reset" },
  UND_ERR_SOCKET: { kind: "reset", message: "connection closed before the answer was complete" },
  ENOTFOUND: { kind: "unreachable", message: "host name not found" },
  EAI_AGAIN: { kind: "unreachable", message: "host name could not be looked up" },
  EHOSTUNREACH: { kind: "unreachable", message: "host unreachable" },
  ENETUNREACH: { kind: "unreachable", message: "network unreachable" },
  ETIMEDOUT: { kind: "timeout", message: "connection timed out" },
  UND_ERR_CONNECT_TIMEOUT: { kind: "timeout", message: "connection timed out" },
  UND_ERR_HEADERS_TIMEOUT: { kind: "timeout", message: "no answer in time" },
  UND_ERR_BODY_TIMEOUT: { kind: "timeout", message: "the answer stopped half-way" },
};

function failureOf(error: unknown, signal: AbortSignal): GetResult {
  if (signal.aborted) return { ok: false, kind: "timeout", message: "no complete answer in time" };
  const { code, message } = errorParts(error);
  const known = kindByCode[code];
  if (known) return { ok: false, ...known };
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) return { ok: false, kind: "tls", message: `TLS failed (${code})` };
  return { ok: false, kind: "failed", message: message.slice(0, 200) };
}

/** The code may sit on the error, on its cause, or (one attempt per address) on the first of several errors. */
function errorParts(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "" && inner !== undefined) return errorParts(inner);
  return { code, message: error.message || error.name };
}
