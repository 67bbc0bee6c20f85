import type { Exchange } from "../exchange.ts";
import { blockSlot } from "../policies/block-slot.ts";
import { decideBlock } from "../policies/block.ts";
import { decideBroadcast } from "../policies/broadcast.ts";
import type { CreatorMap } from "../policies/creator-map.ts";
import { FanOut, type Withheld } from "../send/fan-out.ts";
import { rawHeader } from "../http/check-headers.ts";
import { loserDeadline, outgoing, publishTargets } from "./targets.ts";

/** Time that a block's creator has before the other nodes publish it too, ms. */
const creatorLeadMs = 200;

/** Policy `broadcast`: to every node, answered on the first ready one's success; refusals merged per item. */
export function serveBroadcast(exchange: Exchange, body = exchange.body): void {
  const fan = new FanOut(exchange, {
    softAt: Infinity,
    deadlineAt: exchange.deadlineAt(),
    loserDeadlineAt: loserDeadline(exchange.context),
    decide(state) {
      const decision = decideBroadcast(state);
      switch (decision.kind) {
        case "wait":
          return false;
        case "serve": {
          const { answer } = decision;
          exchange.reply(answer.status, answer.headers, answer.body, answer.node);
          return true;
        }
        case "accepted":
          exchange.reply(200, {}, Buffer.alloc(0), decision.nodes[0]);
          return true;
        case "failures":
          exchange.replyJson(400, {
            code: 400,
            message: "some items were refused by every node",
            failures: decision.failures,
          });
          return true;
        case "nobody":
          exchange.fail(state.isExpired ? 504 : 503, state.isExpired ? "deadline" : "node-failed", decision.detail);
          return true;
      }
    },
  });
  fan.start(outgoing(exchange, body), publishTargets(exchange.context));
}

/**
 * Policy `creator`: the node that built a block publishes it first; the others follow after 200 ms or its failure.
 * Blinded blocks and envelopes go to others only on failure, one after the other: they may lack what it needs.
 */
export function servePublishBlock(exchange: Exchange, creators: CreatorMap): void {
  const { context, body } = exchange;
  const slot = body ? blockSlot(body, rawHeader(exchange.headers.forward, "content-type")) : undefined;
  const creator = slot === undefined ? undefined : creators.find(slot);
  const targets = publishTargets(context);
  targets.sort((a, b) => Number(b.link.name === creator) - Number(a.link.name === creator));
  const isSerial = /\/(blinded_blocks|execution_payload_envelopes)$/.test(exchange.route.path);
  const deadlineAt = exchange.deadlineAt();
  const halfwayAt = (exchange.arrivedAt + deadlineAt) / 2;
  const isLed = isSerial || targets[0]?.link.name === creator;
  const withheld: Withheld = {
    targets: isLed ? targets.slice(1) : [],
    at: isSerial ? halfwayAt : context.clock.monotonic() + creatorLeadMs,
    isOneByOne: isSerial,
  };
  const fan = new FanOut(exchange, {
    softAt: Infinity,
    deadlineAt,
    loserDeadlineAt: loserDeadline(context),
    decide(state) {
      const decision = decideBlock(state);
      if (decision.kind === "wait") return false;
      if (decision.kind === "nobody") exchange.fail(503, "node-failed", decision.detail);
      else exchange.reply(decision.answer.status, decision.answer.headers, decision.answer.body, decision.answer.node);
      return true;
    },
  });
  fan.start(outgoing(exchange), isLed ? targets.slice(0, 1) : targets, withheld);
}
