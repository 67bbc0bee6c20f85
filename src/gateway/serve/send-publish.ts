import type { Exchange } from "../exchange.ts";
import { decideBroadcast } from "../policies/broadcast.ts";
import type { ItemFailure } from "../policies/merge-failures.ts";
import { FanOut, type FanOutState } from "../send/fan-out.ts";
import { loserDeadline, outgoing, publishTargets } from "./targets.ts";

/** What one client publishes. */
export interface Publishing {
  exchange: Exchange;
  /** What goes to the nodes: the client's body, or what the gateway leaves of it. */
  body: Buffer | null;
  /** Where items are kept back here: their failures, and where the others stood in the client's body. */
  kept: { failures: readonly ItemFailure[]; places: readonly number[] } | undefined;
}

/** Sends it to every node, in a call of its own. */
export function sendAlone(publishing: Publishing): void {
  const { exchange, body } = publishing;
  const { context } = exchange;
  const fan = new FanOut(exchange, {
    softAt: Infinity,
    deadlineAt: exchange.deadlineAt(),
    loserDeadlineAt: loserDeadline(context),
    decide: (state) => answer(publishing, state),
  });
  fan.start(outgoing(exchange, body), publishTargets(context));
}

/** Answers the client, where the nodes' answers so far decide it; returns whether they do. */
export function answer({ exchange, kept }: Publishing, state: FanOutState): boolean {
  /** What was kept back here counts as refused, whatever became of the rest. */
  const accept = (serve: () => void) => (kept ? replyFailures(exchange, kept.failures) : serve());
  const decision = decideBroadcast(state);
  switch (decision.kind) {
    case "wait":
      return false;
    case "serve": {
      const { status, headers, body, node } = decision.answer;
      if (status < 300) accept(() => exchange.reply(status, headers, body, node));
      else exchange.reply(status, headers, body, node);
      return true;
    }
    case "accepted":
      accept(() => exchange.reply(200, {}, Buffer.alloc(0), decision.nodes[0]));
      return true;
    case "failures":
      if (kept) replyFailures(exchange, [...moved(decision.failures, kept.places), ...kept.failures]);
      else {
        exchange.refused = decision.failures;
        exchange.replyJson(400, {
          code: 400,
          message: "some items were refused by every node",
          failures: decision.failures,
        });
      }
      return true;
    case "nobody":
      exchange.fail(state.isExpired ? 504 : 503, state.isExpired ? "deadline" : "node-failed", decision.detail);
      return true;
  }
}

/** 400 with the items by name: clients neither repeat it elsewhere nor take the gateway for broken. */
export function replyFailures(exchange: Exchange, failures: readonly ItemFailure[]): void {
  const inOrder = [...failures].sort((a, b) => a.index - b.index);
  exchange.refused = inOrder;
  exchange.replyJson(400, {
    code: 400,
    message: "some items were not published: see failures",
    failures: inOrder,
  });
}

/** The nodes' refusals count in the shorter body: back to where the client had those items. */
function moved(failures: readonly ItemFailure[], places: readonly number[]): ItemFailure[] {
  return failures.map(({ index, message }) => ({ index: places[index] ?? index, message }));
}
