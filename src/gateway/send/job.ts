import type { GroupContext } from "../context.ts";
import type { GatewayReasonCode } from "../reasons.ts";
import type { Route } from "../routes/route.ts";
import type { AnswerHeaders } from "./attempt.ts";

/**
 * One question to the nodes and where its answer goes: a client's own exchange, or a shared answer that many clients wait
 * for. Whoever serves it calls exactly one of `reply` and `fail`.
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
  /** When the answer must be there, on the monotonic clock. */
  deadlineAt(): number;
  /** Notes what a node answered, for routes that leave evidence. */
  note(node: string, outcome: string, status: number | undefined, startedAt: number): void;
  /** Answers with a whole body; `node` is whose answer it is, absent where the gateway made it. */
  reply(status: number, headers: AnswerHeaders, body: Buffer, node?: string): void;
  fail(status: number, reason: GatewayReasonCode, detail?: string): void;
}
