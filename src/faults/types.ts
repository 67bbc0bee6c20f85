import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../lib/clock.ts";
import type { ReasonText } from "../lib/reason.ts";

/** Every fault that the proxy can show, with its settings. */
export type Fault =
  | { kind: "refuse" }
  /** `request`: cut as soon as a request is read. `body`: cut in the middle of the answer. Default `request`. */
  | { kind: "reset"; at?: "request" | "body" }
  | { kind: "hang" }
  /** Default 20 bytes a second. */
  | { kind: "drip"; bytesPerSecond?: number }
  /** Default 500. */
  | { kind: "status-5xx"; status?: number }
  /** Default 64 slots. */
  | { kind: "not-ready-206"; syncDistance?: number }
  | { kind: "stale-head" }
  /** How many slots before the head the fork begins. Default 0: from the next block on. */
  | { kind: "wrong-fork"; depthSlots?: number }
  | { kind: "el-offline" }
  | { kind: "frozen-stream" }
  /** Default: another shape for each request. */
  | { kind: "garbage"; shape?: GarbageShape };

export type FaultKind = Fault["kind"];
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;
export type GarbageShape = "html" | "truncated" | "wrong-types" | "empty";

/** One request as it passes through the proxy. */
export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  /** Path without query, duplicate slashes untouched. */
  path: string;
  query: URLSearchParams;
}

/** An answer of the target, parsed, on its way to the client. `undefined` for a body that is no JSON. */
export interface JsonAnswer {
  status: number;
  body: unknown;
}

/** What to do with a request that a fault wants to answer from the target's own, changed answer. */
export interface Rewrite {
  /** Asked of the target instead of the client's path and query. */
  url?: string;
  change: (answer: JsonAnswer) => JsonAnswer;
}

/** A fault at work: the hooks that the proxy calls while it lasts. Absent hooks let bytes through untouched. */
export interface ActiveFault {
  /** False: the port is closed, new connections are refused. */
  isListening?: boolean;
  /** What happens at the start to connections that are open; `cut-streams` closes those with an open event stream. */
  openSockets?: "cut" | "reset" | "cut-streams";
  /** Answers in place of the target and returns true, or returns false to go on. */
  answer?: (exchange: Exchange) => boolean;
  rewrite?: (exchange: Exchange) => Rewrite | undefined;
  /** Nothing moves in either direction while the fault lasts. */
  isHanging?: boolean;
  /** Bodies leave at this speed. */
  bytesPerSecond?: number;
  /** Resets the client's connection after this many bytes of the answer, half of a shorter one; -1: before any. */
  resetAfterBytes?: number;
  /** What becomes of one event block of an open stream (with its blank line): itself, another, or nothing. */
  event?: (block: string) => string | undefined;
}

/** What a kind may use while it starts. */
export interface FaultStart {
  /** Reads one path of the target as JSON; rejects when it cannot. */
  readTarget: (path: string) => Promise<unknown>;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
}

/** One kind of fault: one file in `kinds/`, one line in `registry.ts`. */
export interface FaultKindDefinition<K extends FaultKind> {
  kind: K;
  text: ReasonText;
  start: (fault: FaultOf<K>, start: FaultStart) => ActiveFault | Promise<ActiveFault>;
}

/** Ties a definition's settings to its kind. */
export function defineFault<K extends FaultKind>(definition: FaultKindDefinition<K>): FaultKindDefinition<K> {
  return definition;
}
