import type { GroupContext } from "../context.ts";
import type { GatewayReasonCode } from "../reasons.ts";
import type { Route } from "../routes/route.ts";
import type { AnswerHeaders, OutgoingCall } from "./attempt.ts";

/**
 * One question to the nodes and where its answer goes: a client's own exchange, or a shared answer that many clients wait
 * for. Whoever serves it calls exactly one of `reply` and `fail`, or opens the sink and ends that.
 */
export interface CallJob {
  readonly context: GroupContext;
  readonly route: Route;
  /** Value of the route's parameter. */
  readonly param: string;
  /** Path and query as received. */
  readonly target: string;
  /** On the monotonic clock. */
  readonly arrivedAt: number;
  /** Set when the answer comes from a node that is not ready. */
  degraded: string | undefined;
  /** Is it answered, or does nobody wait for it any more? */
  readonly isOver: boolean;
  /** Called when nobody waits for the answer any more, so that reads under way are given up. */
  onGone: (() => void) | undefined;
  /** When the answer must be there, on the monotonic clock. */
  deadlineAt(): number;
  /** The request as it goes to a node: method, target, headers and body, on the route's lane. */
  outgoing(): OutgoingCall;
  /** Notes what a node answered, for routes that leave evidence. */
  note(node: string, outcome: string, status: number | undefined, startedAt: number, words?: string): void;
  /** Answers with a whole body; `node` is whose answer it is, absent where the gateway made it. */
  reply(status: number, headers: AnswerHeaders, body: Buffer, node?: string): void;
  fail(status: number, reason: GatewayReasonCode, detail?: string): void;
  /** May this body of a 200 answer be given on? Absent: whoever asked gets what came. */
  isWhole?(headers: AnswerHeaders, body: Buffer): boolean;
  /** Where an answer too large to keep, or passed through, goes in pieces; `undefined`: nobody takes it. */
  openSink(): AnswerSink | undefined;
}

/** Takes an answer's bytes as they come. `end` or `breakOff` closes it. */
export interface AnswerSink {
  head(status: number, headers: AnswerHeaders, node: string): void;
  /** `false`: wait for `onceDrained` before more. */
  write(chunk: Buffer): boolean;
  onceDrained(resume: () => void): void;
  end(status: number, node: string): void;
  /** The node died in the middle of its answer: the client must not take what it has for whole. */
  breakOff(node: string): void;
}
