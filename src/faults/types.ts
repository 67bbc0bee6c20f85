import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../lib/clock.ts";
import type { ReasonText } from "../lib/reason.ts";
import type { FaultKind, FaultOf } from "./fault.ts";

export type { Fault, FaultKind, FaultOf, GarbageShape } from "./fault.ts";

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
  /** The head too: its last byte, without which a client has nothing, comes as late as this speed makes it. */
  isHeadSlow?: boolean;
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
