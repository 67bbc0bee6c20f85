import type { Dispatcher } from "undici";
import type { Clock } from "../lib/clock.ts";
import { callFailure, failureKindOf } from "./call-failure.ts";
import type { CallFailureKind, CallResult } from "./call-result.ts";
import { createNodeDispatcher } from "./dispatcher.ts";
import { bodyTooLarge, readBounded } from "./read-bounded.ts";
import { fillPath, type BeaconRoute } from "./route.ts";

export interface BeaconClientOptions {
  /** Base URL of the Beacon API; may hold a path prefix. */
  url: string;
  /** For messages: "getSyncingStatus of bn1". */
  name?: string;
  headers?: Readonly<Record<string, string>>;
  clock: Clock;
  /** Passed in to share a pool or to test; else the client has its own and closes it. */
  dispatcher?: Dispatcher;
}

export interface CallOptions {
  /** From dispatch to the last byte of the body. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** JSON body of a POST. */
  body?: unknown;
}

export interface BeaconClient {
  /** Makes one call and never throws: whatever the node does comes back as a `CallFailure`. */
  call<T>(
    route: BeaconRoute<T>,
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
  const baseHeaders = { ...options.headers, accept: "application/json", "accept-encoding": "identity" };
  const closing = new AbortController();

  return {
    async call<T>(
      route: BeaconRoute<T>,
      params: Readonly<Record<string, string>>,
      callOptions: CallOptions,
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
        const hasBody = callOptions.body !== undefined;
        const reply = await dispatcher.request({
          origin,
          path: prefix + fillPath(route.path, params),
          method: route.method,
          headers: hasBody ? { ...baseHeaders, "content-type": "application/json" } : baseHeaders,
          body: hasBody ? JSON.stringify(callOptions.body) : null,
          signal: stop.signal,
        });
        const status = reply.statusCode;
        const contentType = describeType(reply.headers["content-type"]);
        if (status !== 200) {
          // A body that is not wanted is not read: dump keeps the connection where that is cheap.
          await reply.body.dump({ limit: 4096, signal: stop.signal }).catch(() => undefined);
          return stopKind === undefined ? fail("status", `HTTP ${status}`, status) : fail(stopKind);
        }
        const text = await readBounded(reply.body, route.maxBytes);
        if (text === bodyTooLarge) return fail("too-large", `more than ${route.maxBytes} bytes`, status);
        let json: unknown;
        try {
          json = JSON.parse(text);
        } catch {
          return fail("not-json", `HTTP ${status} with ${contentType}`, status);
        }
        const decoded = route.decode(json);
        if (!decoded.ok) return fail("wrong-shape", decoded.problem, status);
        const serverTimeAt = readDate(reply.headers["date"]);
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
    },
    async close() {
      closing.abort();
      if (options.dispatcher === undefined) await dispatcher.destroy();
    },
  };
}

function describeType(header: string | string[] | undefined): string {
  return String(header ?? "no content type").slice(0, 60);
}

function readDate(header: string | string[] | undefined): number | undefined {
  if (typeof header !== "string") return undefined;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : at;
}
