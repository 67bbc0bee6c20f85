import type { HostsPage } from "../../../src/api/contract-signals.ts";
import type {
  DrillRefusal,
  DrillsPage,
  ErrorAnswer,
  HistoryPage,
  MutationAnswer,
  ReasonEntry,
  Snapshot,
  StartDrillAnswer,
  StartDrillBody,
  TransitionsPage,
} from "../../../src/api/contract.ts";
import { cleanText } from "./clean-text.ts";
import { learnServerClock } from "./server-clock.ts";
import { readSession } from "./session-state.ts";
import { sessionProof } from "./token.ts";

/** An answer that is not 2xx, or none at all (`status` 0). The message is the server's own where it gave one. */
export class ApiFailure extends Error {
  readonly status: number;
  /** What the server said in full, where it was JSON. */
  readonly body: unknown;
  constructor(status: number, message: string, options: { cause?: unknown; body?: unknown } = {}) {
    super(message, options);
    this.status = status;
    this.body = options.body;
  }
}

/** The server's code for the failure, "" where it gave none. */
export const codeOfFailure = ({ body }: ApiFailure): string =>
  (body as Partial<ErrorAnswer> | undefined)?.error?.code ?? "";

const timeoutMs = 8_000;

let tellRefusedRead = (): void => {};
/** Called whenever a read was answered with 401. */
export function onRefusedRead(listener: () => void): void {
  tellRefusedRead = listener;
}

const whoPath = "/api/v1/me";

/** A tile of the heatmap is tens of megabytes. */
const bytesTimeoutMs = 60_000;

async function send(path: string, init: RequestInit, withinMs: number, signal?: AbortSignal): Promise<Response> {
  const limits = [AbortSignal.timeout(withinMs), ...(signal === undefined ? [] : [signal])];
  const sentAt = Date.now();
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, signal: AbortSignal.any(limits), cache: "no-store" });
  } catch (cause) {
    throw new ApiFailure(
      0,
      "The server did not answer. Check that Slotkeeper is running and that this address is right.",
      { cause },
    );
  }
  learnServerClock(answer.headers.get("date"), sentAt, Date.now());
  if (answer.status === 401 && init.method === undefined && path !== whoPath) tellRefusedRead();
  return answer;
}

/** Throws `ApiFailure` where the answer is not 2xx or not JSON, or does not come within `withinMs`. */
export async function callJson<T>(
  path: string,
  init: RequestInit,
  signal?: AbortSignal,
  withinMs = timeoutMs,
): Promise<T> {
  const answer = await send(path, init, withinMs, signal);
  const body: unknown = await answer
    .text()
    .then((text) => JSON.parse(text, cleanText) as unknown)
    .catch(() => undefined);
  if (!answer.ok)
    throw new ApiFailure(answer.status, messageOf(body) ?? `The server answered with status ${answer.status}.`, {
      body,
    });
  if (typeof body !== "object" || body === null)
    throw new ApiFailure(
      answer.status,
      "The server's answer was not JSON: something else may be answering at this address.",
    );
  return body as T;
}

/** The body of a binary answer. */
export async function callBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const answer = await send(path, {}, bytesTimeoutMs, signal);
  if (answer.ok) return answer.arrayBuffer();
  const body = (await answer.json().catch(() => undefined)) as unknown;
  throw new ApiFailure(answer.status, messageOf(body) ?? `The server answered with status ${answer.status}.`, { body });
}

function messageOf(body: unknown): string | undefined {
  const message = (body as Partial<ErrorAnswer> | undefined)?.error?.message;
  return typeof message === "string" ? message : undefined;
}

export const fetchSnapshot = (signal?: AbortSignal) => callJson<Snapshot>("/api/v1/snapshot", {}, signal);
export const fetchReasons = (signal?: AbortSignal) => callJson<readonly ReasonEntry[]>("/api/v1/reasons", {}, signal);
export const fetchHosts = (signal?: AbortSignal) => callJson<HostsPage>("/api/v1/hosts", {}, signal);
export const fetchHistory = (minutes: number, signal?: AbortSignal) =>
  callJson<HistoryPage>(`/api/v1/history?minutes=${minutes}`, {}, signal);

interface TransitionsQuery {
  node?: string;
  group?: string;
  before?: number | undefined;
  limit: number;
}

/** A path of the API with its query; what is `undefined` or "" is left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") parameters.set(name, String(value));
  return parameters.size === 0 ? `/api/v1/${path}` : `/api/v1/${path}?${parameters.toString()}`;
}

/** Reads a path of the API that takes no query. */
export const reader =
  <T>(path: string) =>
  (signal?: AbortSignal): Promise<T> =>
    callJson<T>(`/api/v1/${path}`, {}, signal);

export const fetchTransitions = (query: TransitionsQuery, signal?: AbortSignal) =>
  callJson<TransitionsPage>(withQuery("transitions", { ...query }), {}, signal);

export const fetchDrills = (signal?: AbortSignal) => callJson<DrillsPage>("/api/v1/drills", {}, signal);

/** A change. `token` proves who asks; `sessionProof` in its place: the cookie does, with the session's word for its page. */
export function post<T = MutationAnswer>(
  path: string,
  token: string,
  body: object = {},
  withinMs?: number,
): Promise<T> {
  return callJson<T>(
    `/api/v1/${path}`,
    {
      method: "POST",
      headers: { ...proofHeaders(token), "content-type": "application/json" },
      body: JSON.stringify(body),
    },
    undefined,
    withinMs,
  );
}

function proofHeaders(token: string): Record<string, string> {
  if (token !== sessionProof) return { authorization: `Bearer ${token}` };
  const session = readSession();
  return session.kind === "user" ? { "x-csrf-token": session.csrf } : {};
}

export type NodeVerb = "cordon" | "uncordon" | "drain" | "return";

/** `key` is the percent-encoded "gateway/group/node" of `nodeKey`. */
export const changeNode = (key: string, verb: NodeVerb, token: string, isForced = false) =>
  post(`nodes/${key}/${verb}${isForced ? "?force=true" : ""}`, token);

/** `path` is the percent-encoded "gateway/group" of `groupPath`. */
export const holdGroup = (path: string, reason: string, token: string) =>
  post(`groups/${path}/hold`, token, { reason });
export const releaseGroup = (path: string, token: string) => post(`groups/${path}/release`, token);
export const resetWatermark = (path: string, token: string) => post(`groups/${path}/watermark/reset`, token);
export const chooseBranch = (path: string, root: string, token: string) =>
  post(`groups/${path}/branch`, token, { root });

export const startDrill = (body: StartDrillBody, token: string) => post<StartDrillAnswer>("drills", token, body);
export const abortDrill = (id: string, token: string) => post(`drills/${encodeURIComponent(id)}/abort`, token);

/** What the guards found, where this failure is their refusal of a drill. */
export function refusalOf(failure: ApiFailure): DrillRefusal["drill"] | undefined {
  const { drill } = (failure.body ?? {}) as Partial<DrillRefusal>;
  return failure.status === 409 && Array.isArray(drill?.findings) ? drill : undefined;
}
