import type { Exchange, SharedResult } from "../exchange.ts";
import type { SharedAnswer } from "./shared-answer.ts";

/** Who waits for a shared answer: a client's exchange, or a request that the HTTP server has not seen yet. */
export interface Waiter {
  /** Set by the call that it waits for: it does not wait any more. */
  onGone: (() => void) | undefined;
  replyShared(answer: SharedAnswer, how: SharedResult): void;
  /** Absent on exchanges. Hands the request to the HTTP server, which serves it from the beginning. */
  startOver?(): void;
}

export function isExchange(waiter: Waiter): waiter is Exchange {
  return waiter.startOver === undefined;
}
