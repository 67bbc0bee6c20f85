import {
  Agent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as requestHttps } from "node:https";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { OperatorState, Transition } from "../upstream/types.ts";
import { describeAddress, type ControlAddress } from "./address.ts";
import { readBody } from "./http-messages.ts";
import { parseEvidence, parseJson, parsePage, parseStatus, parseTransition, parseWatchLine } from "./parse-answers.ts";
import { readLines } from "./read-lines.ts";
import type { EvidenceRecord, GatewayStatus, SequencePage, WatchLine } from "./types.ts";

/** Speaks with one gateway. Every call throws `AppError`: `control-unreachable`, `control-refused`, `control-garbage`, `control-version`. */
export interface ControlClient {
  readonly address: ControlAddress;
  status(signal?: AbortSignal): Promise<GatewayStatus>;
  transitions(after: number, signal?: AbortSignal): Promise<SequencePage<Transition>>;
  evidence(after: number, signal?: AbortSignal): Promise<SequencePage<EvidenceRecord>>;
  setOperatorState(group: string, node: string, state: OperatorState, by: string, signal?: AbortSignal): Promise<void>;
  metrics(signal?: AbortSignal): Promise<string>;
  /** Calls `onLine` until the stream ends, breaks or falls silent (then throws) or `signal` aborts (then returns). */
  watch(onLine: (line: WatchLine) => void, signal: AbortSignal): Promise<void>;
}

const callTimeoutMs = 5_000;
/** The server sends a heartbeat every 2 s; three missed ones mean that the gateway hangs. */
const watchSilenceMs = 6_500;
const maxAnswerBytes = 16 * 1024 * 1024;

export function createControlClient(address: ControlAddress, clock: Clock): ControlClient {
  // No keep-alive: calls are rare, and a kept socket would hold a dead gateway's backlog open.
  const agent = new Agent({ keepAlive: false });

  function open(method: string, path: string): ClientRequest {
    const options: RequestOptions = { method, path, headers: { accept: "application/json" } };
    if (address.kind === "socket") return requestHttp({ ...options, agent, socketPath: address.path });
    const headers = {
      accept: "application/json",
      ...(address.token === undefined ? {} : { authorization: `Bearer ${address.token}` }),
    };
    const url = new URL(path, address.url);
    if (url.protocol === "https:")
      return requestHttps(url, { ...options, headers, ...(address.ca === undefined ? {} : { ca: address.ca }) });
    return requestHttp(url, { ...options, headers, agent });
  }

  async function call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<string> {
    const request = open(method, path);
    const cancel = clock.after(callTimeoutMs, () => request.destroy(new Error(`no answer within ${callTimeoutMs} ms`)));
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

  return {
    address,
    status: async (signal) => parseStatus(parseJson(await call("GET", "/v1/status", undefined, signal))),
    transitions: async (after, signal) =>
      parsePage(parseJson(await call("GET", `/v1/transitions?after=${after}`, undefined, signal)), parseTransition),
    evidence: async (after, signal) =>
      parsePage(parseJson(await call("GET", `/v1/evidence?after=${after}`, undefined, signal)), parseEvidence),
    async setOperatorState(group, node, state, by, signal) {
      const path = `/v1/nodes/${encodeURIComponent(group)}/${encodeURIComponent(node)}/operator`;
      await call("POST", path, { state, by }, signal);
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

function refused(method: string, path: string, status: number, body: string): AppError {
  let message = body.slice(0, 200);
  try {
    message = (JSON.parse(body) as { error?: { message?: string } }).error?.message ?? message;
  } catch {
    // The text itself is the best that there is to show.
  }
  return new AppError(`${method} ${path} at the gateway: it answered ${status}: ${message}`, {
    code: "control-refused",
  });
}
