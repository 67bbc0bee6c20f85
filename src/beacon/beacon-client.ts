import type { Dispatcher } from "undici";
import { describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import { callFailure, failureKindOf } from "./call-failure.ts";
import type { CallFailureKind, CallResult } from "./call-result.ts";
import { createNodeDispatcher } from "./dispatcher.ts";
import { bodyTooLarge, readBounded } from "./read-bounded.ts";
import { fillPath, type BeaconRoute, type BytesRoute, type DecodeResult } from "./route.ts";

export interface BeaconClientOptions {
  /** Base URL of the Beacon API; may hold a path prefix. */
  url: string;
  /** For messages: "getSyncingStatus of bn1". */
  name?: string;
  headers?: Readonly<Record<string, string>>;
  clock: Clock;
  /** Passed in to share a pool or to test; else the client has its own and closes it. */
  dispatcher?: Dispatcher;
  /** Counted up with each call, for the cost that is reported. */
  traffic?: Traffic;
}

/** Calls dispatched, and bytes of their bodies. */
export interface Traffic {
  requests: number;
  bytesSent: number;
  bytesReceived: number;
}

export interface CallOptions {
  /** From dispatch to the last byte of the body. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** JSON body of a POST. */
  body?: unknown;
  /** The same, written already: for bodies of many thousands of items. */
  bodyText?: string;
  /** Query string without its question mark, escaped. */
  query?: string;
}

type Answer = Dispatcher.ResponseData;

export interface BeaconClient {
  /** Makes one call and never throws: whatever the node does comes back as a `CallFailure`. */
  call<T>(
    route: BeaconRoute<T>,
    params: Readonly<Record<string, string>>,
    options: CallOptions,
  ): Promise<CallResult<T>>;
  /** The same for a route that reads its answer's bytes by hand. */
  callBytes<T>(
    route: BytesRoute<T>,
    params: Readonly<Record<string, string>>,
    options: CallOptions,
  ): Promise<CallResult<T>>;
  /** Drops open connections; calls in flight end as `aborted`. */
  close(): Promise<void>;
}

/**
 * A client for Slotkeeper's own calls to one beacon node. Own deadline timer, own byte bound, no redirects followed,
 * identity encoding: an answer is either read whole, parsed and checked, or a failure with a kind.
 */
export function createBeaconClient(options: BeaconClientOptions): BeaconClient {
  const { clock } = options;
  const prefix = new URL(options.url).pathname.replace(/\/+$/, "");
  const origin = new URL(options.url).origin;
  const dispatcher = options.dispatcher ?? createNodeDispatcher(options.url);
  const baseHeaders = { ...options.headers, "accept-encoding": "identity" };
  const closing = new AbortController();

  /** One exchange. `read` turns a complete body into a value, or says which failure it is. */
  async function exchange<T>(
    route: Pick<BytesRoute<T>, "operationId" | "method" | "path" | "maxBytes" | "accept">,
    params: Readonly<Record<string, string>>,
    callOptions: CallOptions,
    read: (body: Buffer, answer: Answer) => DecodeResult<T> | NotJson,
  ): Promise<CallResult<T>> {
    const action = `${route.operationId} of ${options.name ?? options.url}`;
    const startedAt = clock.monotonic();
    const elapsed = () => clock.monotonic() - startedAt;
    const fail = (kind: CallFailureKind, detail = "", status?: number): CallResult<T> => ({
      ok: false,
      failure: callFailure(action, kind, detail, status),
      latencyMs: elapsed(),
    });

    const stop = new AbortController();
    let stopKind: CallFailureKind | undefined;
    const giveUp = (kind: CallFailureKind) => {
      stopKind ??= kind;
      stop.abort();
    };
    const onAbort = () => giveUp("aborted");
    if (callOptions.signal?.aborted === true || closing.signal.aborted) return fail("aborted");
    const cancelTimer = clock.after(callOptions.timeoutMs, () => giveUp("timeout"));
    callOptions.signal?.addEventListener("abort", onAbort, { once: true });
    closing.signal.addEventListener("abort", onAbort, { once: true });

    try {
      const text =
        callOptions.bodyText ?? (callOptions.body === undefined ? undefined : JSON.stringify(callOptions.body));
      const headers = { ...baseHeaders, accept: route.accept ?? "application/json" };
      const query = callOptions.query === undefined || callOptions.query === "" ? "" : `?${callOptions.query}`;
      count(1, text === undefined ? 0 : Buffer.byteLength(text), 0);
      const answer = await dispatcher.request({
        origin,
        path: prefix + fillPath(route.path, params) + query,
        method: route.method,
        headers: text === undefined ? headers : { ...headers, "content-type": "application/json" },
        body: text ?? null,
        signal: stop.signal,
      });
      const status = answer.statusCode;
      if (status !== 200) {
        // A body that is not wanted is not read: dump keeps the connection where that is cheap.
        await answer.body.dump({ limit: 4096, signal: stop.signal }).catch(() => undefined);
        return stopKind === undefined ? fail("status", `HTTP ${status}`, status) : fail(stopKind);
      }
      const body = await readBounded(answer.body, route.maxBytes);
      if (body === bodyTooLarge) return fail("too-large", `more than ${route.maxBytes} bytes`, status);
      count(0, 0, body.length);
      const decoded = read(body, answer);
      if (decoded === notJson) {
        const contentType = describeType(answer.headers["content-type"]);
        return fail("not-json", `HTTP ${status} with ${contentType}`, status);
      }
      if (!decoded.ok) return fail("wrong-shape", decoded.problem, status);
      const serverTimeAt = readDate(answer.headers["date"]);
      return {
        ok: true,
        value: decoded.value,
        status,
        latencyMs: elapsed(),
        ...(decoded.finalized !== undefined && { finalized: decoded.finalized }),
        ...(decoded.executionOptimistic !== undefined && { executionOptimistic: decoded.executionOptimistic }),
        ...(serverTimeAt !== undefined && { serverTimeAt }),
      };
    } catch (error) {
      return fail(stopKind ?? failureKindOf(error));
    } finally {
      cancelTimer();
      callOptions.signal?.removeEventListener("abort", onAbort);
      closing.signal.removeEventListener("abort", onAbort);
    }
  }

  function count(requests: number, sent: number, received: number): void {
    const { traffic } = options;
    if (traffic === undefined) return;
    traffic.requests += requests;
    traffic.bytesSent += sent;
    traffic.bytesReceived += received;
  }

  return {
    call: (route, params, callOptions) =>
      exchange(route, params, callOptions, (body) => {
        let json: unknown;
        try {
          json = JSON.parse(body.toString("utf8"));
        } catch {
          return notJson;
        }
        return route.decode(json);
      }),
    callBytes: (route, params, callOptions) =>
      exchange(route, params, callOptions, (body, { headers }) => {
        try {
          return route.decode(body, {
            isSsz: describeType(headers["content-type"]).toLowerCase().startsWith("application/octet-stream"),
            version: readVersion(headers["eth-consensus-version"]),
          });
        } catch (error) {
          return { ok: false, problem: describeError(error).slice(0, 200) };
        }
      }),
    async close() {
      closing.abort();
      if (options.dispatcher === undefined) await dispatcher.destroy();
    },
  };
}

const notJson = Symbol("not JSON");
type NotJson = typeof notJson;

function describeType(header: string | string[] | undefined): string {
  return String(header ?? "no content type").slice(0, 60);
}

function readVersion(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header.trim().slice(0, 40).toLowerCase() : undefined;
}

function readDate(header: string | string[] | undefined): number | undefined {
  if (typeof header !== "string") return undefined;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : at;
}
