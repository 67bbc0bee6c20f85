import type {
  ErrorAnswer,
  HistoryPage,
  MutationAnswer,
  ReasonEntry,
  Snapshot,
  TransitionsPage,
} from "../../../src/api/contract.ts";
import { cleanText } from "./clean-text.ts";
import { learnServerClock } from "./server-clock.ts";

/** An answer that is not 2xx, or none at all (`status` 0). The message is the server's own where it gave one. */
export class ApiFailure extends Error {
  readonly status: number;
  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

const timeoutMs = 8_000;

async function call<T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<T> {
  const limits = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
  const sentAt = Date.now();
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, signal: AbortSignal.any(limits), cache: "no-store" });
  } catch (cause) {
    throw new ApiFailure(
      0,
      "The server did not answer. Check that Slotkeeper is running and that this address is right.",
      cause,
    );
  }
  learnServerClock(answer.headers.get("date"), sentAt, Date.now());
  const body: unknown = await answer
    .text()
    .then((text) => JSON.parse(text, cleanText) as unknown)
    .catch(() => undefined);
  if (!answer.ok)
    throw new ApiFailure(answer.status, messageOf(body) ?? `The server answered with status ${answer.status}.`);
  if (typeof body !== "object" || body === null)
    throw new ApiFailure(
      answer.status,
      "The server's answer was not JSON: something else may be answering at this address.",
    );
  return body as T;
}

function messageOf(body: unknown): string | undefined {
  const message = (body as Partial<ErrorAnswer> | undefined)?.error?.message;
  return typeof message === "string" ? message : undefined;
}

export const fetchSnapshot = (signal?: AbortSignal) => call<Snapshot>("/api/v1/snapshot", {}, signal);
export const fetchReasons = (signal?: AbortSignal) => call<readonly ReasonEntry[]>("/api/v1/reasons", {}, signal);
export const fetchHistory = (minutes: number, signal?: AbortSignal) =>
  call<HistoryPage>(`/api/v1/history?minutes=${minutes}`, {}, signal);

interface TransitionsQuery {
  node?: string;
  group?: string;
  before?: number | undefined;
  limit: number;
}

export function fetchTransitions(query: TransitionsQuery, signal?: AbortSignal): Promise<TransitionsPage> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return call<TransitionsPage>(`/api/v1/transitions?${parameters.toString()}`, {}, signal);
}

/** `key` is the percent-encoded "gateway/group/node" of `nodeKey`. */
export const changeCordon = (key: string, action: "cordon" | "uncordon", token: string) =>
  call<MutationAnswer>(`/api/v1/nodes/${key}/${action}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });
