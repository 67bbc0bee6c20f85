import {
  Agent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { OperatorState, Transition } from "../upstream/types.ts";
import { describeAddress, type ControlAddress, type ControlTrust } from "./address.ts";
import { readBody } from "./http-messages.ts";
import {
  parseArrival,
  parseEvidence,
  parseFault,
  parseJson,
  parsePage,
  parseStatus,
  parseTransition,
  parseWatchLine,
} from "./parse-answers.ts";
import { readLines } from "./read-lines.ts";
import type { FaultRequest } from "./provider.ts";
import type { ArrivalRecord, EvidenceRecord, FaultLease, GatewayStatus, SequencePage, WatchLine } from "./types.ts";

/**
 * Speaks with one gateway. Every call throws `AppError`: `control-unreachable`, `control-garbage`, `control-version`; where
 * the gateway refused, a `ControlRefusal` (code `control-refused`) with the gateway's own code in `refusal`.
 */
export interface ControlClient {
  readonly address: ControlAddress;
  /** The next connections use these certificates; those that are open stay. */
  trust(tls: ControlTrust): void;
  status(signal?: AbortSignal): Promise<GatewayStatus>;
  transitions(after: number, signal?: AbortSignal): Promise<SequencePage<Transition>>;
  evidence(after: number, signal?: AbortSignal): Promise<SequencePage<EvidenceRecord>>;
  /** A gateway one version older has none: an empty page. */
  arrivals(after: number, signal?: AbortSignal): Promise<SequencePage<ArrivalRecord>>;
  setOperatorState(group: string, node: string, state: OperatorState, by: string, signal?: AbortSignal): Promise<void>;
  /** Begins a drain; `isForced` takes even the last ready node, and does not wait for proposals. Ends in `maintenance`. */
  drain(group: string, node: string, by: string, isForced: boolean, signal?: AbortSignal): Promise<void>;
  hold(group: string, reason: string, by: string, signal?: AbortSignal): Promise<void>;
  release(group: string, by: string, signal?: AbortSignal): Promise<void>;
  resetWatermark(group: string, by: string, signal?: AbortSignal): Promise<void>;
  /** In a split: serve the branch whose head has this root. */
  chooseBranch(group: string, root: string, by: string, signal?: AbortSignal): Promise<void>;
  startFault(request: FaultRequest, signal?: AbortSignal): Promise<FaultLease>;
  /** Extends a lease to `leaseMs` from now. */
  renewFault(id: string, leaseMs: number, signal?: AbortSignal): Promise<FaultLease>;
  stopFault(id: string, signal?: AbortSignal): Promise<void>;
  metrics(signal?: AbortSignal): Promise<string>;
  /** Calls `onLine` until the stream ends, breaks or falls silent (then throws) or `signal` aborts (then returns). */
  watch(onLine: (line: WatchLine) => void, signal: AbortSignal): Promise<void>;
}

const callTimeoutMs = 5_000;
/** A fault begins when a proxy listens and the node's sockets are cut. */
const faultTimeoutMs = 10_000;
/** The server sends a heartbeat every 2 s; three missed ones mean that the gateway hangs. */
const watchSilenceMs = 6_500;
const maxAnswerBytes = 16 * 1024 * 1024;

export function createControlClient(address: ControlAddress, clock: Clock): ControlClient {
  // No keep-alive: calls are rare, and a kept socket would hold a dead gateway's backlog open.
  const agent = new Agent({ keepAlive: false });
  const secureAgent = new HttpsAgent({ keepAlive: false, maxCachedSessions: 0 });
  let trusted: ControlTrust = (address.kind === "tcp" && address.tls) || {};

  function open(method: string, path: string): ClientRequest {
    const options: RequestOptions = { method, path, headers: { accept: "application/json" } };
    if (address.kind === "socket") return requestHttp({ ...options, agent, socketPath: address.path });
    const headers = {
      accept: "application/json",
      ...(address.token === undefined ? {} : { authorization: `Bearer ${address.token}` }),
    };
    const url = new URL(path, address.url);
    if (url.protocol === "https:")
      return requestHttps(url, { ...options, headers, agent: secureAgent, minVersion: "TLSv1.2", ...trusted });
    return requestHttp(url, { ...options, headers, agent });
  }

  async function call(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
    timeoutMs = callTimeoutMs,
  ): Promise<string> {
    const request = open(method, path);
    const cancel = clock.after(timeoutMs, () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    const abort = () => request.destroy(new Error("stopped"));
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const bytes = body === undefined ? undefined : JSON.stringify(body);
      const response = await answerOf(request, bytes);
      const answer = (await readBody(response, maxAnswerBytes)).toString("utf8");
      if (response.statusCode !== 200) throw refused(method, path, response.statusCode ?? 0, answer);
      return answer;
    } catch (error) {
      throw error instanceof AppError ? error : unreachable(error);
    } finally {
      cancel();
      signal?.removeEventListener("abort", abort);
    }
  }

  const unreachable = (cause: unknown) =>
    new AppError(`reach the gateway at ${describeAddress(address)}`, {
      code: "control-unreachable",
      cause,
      retryable: true,
    });

  async function tellNode(group: string, node: string, body: unknown, signal?: AbortSignal): Promise<void> {
    await call("POST", `/v1/nodes/${encodeURIComponent(group)}/${encodeURIComponent(node)}/operator`, body, signal);
  }

  async function tellGroup(group: string, verb: string, body: unknown, signal?: AbortSignal): Promise<void> {
    await call("POST", `/v1/groups/${encodeURIComponent(group)}/${verb}`, body, signal);
  }

  return {
    address,
    trust: (tls) => void (trusted = tls),
    status: async (signal) => parseStatus(parseJson(await call("GET", "/v1/status", undefined, signal))),
    transitions: async (after, signal) =>
      parsePage(parseJson(await call("GET", `/v1/transitions?after=${after}`, undefined, signal)), parseTransition),
    evidence: async (after, signal) =>
      parsePage(parseJson(await call("GET", `/v1/evidence?after=${after}`, undefined, signal)), parseEvidence),
    async arrivals(after, signal) {
      try {
        return parsePage(parseJson(await call("GET", `/v1/arrivals?after=${after}`, undefined, signal)), parseArrival);
      } catch (error) {
        if (error instanceof ControlRefusal && error.refusal === "not-found") return { items: [], nextAfter: after };
        throw error;
      }
    },
    setOperatorState: (group, node, state, by, signal) => tellNode(group, node, { state, by }, signal),
    drain: (group, node, by, isForced, signal) =>
      tellNode(group, node, { state: "draining", by, ...(isForced ? { isForced } : {}) }, signal),
    hold: (group, reason, by, signal) => tellGroup(group, "hold", { reason, by }, signal),
    release: (group, by, signal) => tellGroup(group, "release", { by }, signal),
    resetWatermark: (group, by, signal) => tellGroup(group, "watermark/reset", { by }, signal),
    chooseBranch: (group, root, by, signal) => tellGroup(group, "branch", { root, by }, signal),
    startFault: async (request, signal) =>
      parseFault(parseJson(await call("POST", "/v1/faults", request, signal, faultTimeoutMs))),
    renewFault: async (id, leaseMs, signal) =>
      parseFault(parseJson(await call("POST", `/v1/faults/${encodeURIComponent(id)}/renew`, { leaseMs }, signal))),
    async stopFault(id, signal) {
      await call("DELETE", `/v1/faults/${encodeURIComponent(id)}`, undefined, signal, faultTimeoutMs);
    },
    metrics: (signal) => call("GET", "/metrics", undefined, signal),
    async watch(onLine, signal) {
      const request = open("GET", "/v1/watch");
      const abort = () => request.destroy(new Error("stopped"));
      const silent = () => request.destroy(new Error(`silent for ${watchSilenceMs} ms`));
      let cancel = clock.after(watchSilenceMs, silent);
      signal.addEventListener("abort", abort, { once: true });
      try {
        const response = await answerOf(request);
        if (response.statusCode !== 200)
          throw refused(
            "GET",
            "/v1/watch",
            response.statusCode ?? 0,
            (await readBody(response, 64 * 1024)).toString("utf8"),
          );
        for await (const text of readLines(response, maxAnswerBytes)) {
          cancel();
          cancel = clock.after(watchSilenceMs, silent);
          const line = parseWatchLine(text);
          if (line) onLine(line);
        }
        if (!signal.aborted) throw unreachable(new Error("the gateway ended the stream"));
      } catch (error) {
        if (!signal.aborted) throw error instanceof AppError ? error : unreachable(error);
      } finally {
        cancel();
        signal.removeEventListener("abort", abort);
        request.destroy();
      }
    },
  };
}

function answerOf(request: ClientRequest, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Errors may also come after the answer began; the body's reader sees those.
    request.on("error", reject);
    request.once("response", resolve);
    if (body !== undefined) request.setHeader("content-type", "application/json");
    request.end(body);
  });
}

/** What the gateway said no to. The message is the gateway's own, which names the action and what to do next. */
export class ControlRefusal extends AppError {
  /** The gateway's code: `unknown-node`, `no-split`, `fault-refused` …; "" where what answered is no Slotkeeper. */
  readonly refusal: string;
  readonly status: number;

  constructor(message: string, refusal: string, status: number) {
    super(message, { code: "control-refused" });
    this.refusal = refusal;
    this.status = status;
  }
}

function refused(method: string, path: string, status: number, body: string): ControlRefusal {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: unknown; message?: unknown } };
    if (typeof error?.message === "string" && typeof error.code === "string") {
      if (isTooNew(path, error.code)) return new ControlRefusal(tooNewText(method, path), error.code, status);
      return new ControlRefusal(error.message, error.code, status);
    }
  } catch {
    // The text itself is the best that there is to show.
  }
  const message = `${method} ${path} at the gateway: it answered ${status}: ${body.slice(0, 200)}`;
  return new ControlRefusal(message, "", status);
}

/** A gateway one version older knows neither groups nor faults here, and says so in words about routes. */
function isTooNew(path: string, code: string): boolean {
  return /^\/v1\/(groups|faults)(\/|$)/.test(path) && (code === "not-found" || code === "method-not-allowed");
}

const tooNewText = (method: string, path: string) =>
  `${method} ${path} at the gateway: it is of an older version that cannot do this, nothing was done. Upgrade the gateway first.`;
