import { linksOf, type GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { withoutHeaders } from "../http/check-headers.ts";
import { decideBest } from "../policies/best.ts";
import { decideUnion } from "../policies/union.ts";
import { FanOut, type FanOutTarget } from "../send/fan-out.ts";
import { outgoing, readTargets } from "./targets.ts";

/** How long a fuller aggregate is waited for once there is a good one, ms. */
const patienceMs = 600;
/** Silence after which a node is probed: if it hangs, it is not waited for any longer, ms. */
const probeAfterMs = 250;

/** Policy `best`: all nodes that may be signed after are asked, and the fullest answer is served. */
export function serveBest(exchange: Exchange): void {
  const links = readTargets(exchange);
  if (!links) return;
  const deadlineAt = exchange.deadlineAt();
  const fan = new FanOut(exchange, {
    softAt: exchange.arrivedAt + Math.min(patienceMs, (deadlineAt - exchange.arrivedAt) / 2),
    deadlineAt,
    probeAt: exchange.arrivedAt + probeAfterMs,
    decide(state) {
      const decision = decideBest(state);
      if (decision.kind === "wait") return false;
      if (decision.kind === "nobody")
        exchange.fail(state.isExpired ? 504 : 503, state.isExpired ? "deadline" : "node-failed", decision.detail);
      else exchange.reply(decision.answer.status, decision.answer.headers, decision.answer.body, decision.answer.node);
      return true;
    },
  });
  fan.start(
    outgoing(exchange),
    links.map((link) => ({ link, isReady: true })),
  );
}

const acceptHeader: ReadonlySet<string> = new Set(["accept"]);

/** Policy `union`: liveness is what any of at least two nodes saw, both ready for the whole epoch. */
export function serveUnion(exchange: Exchange): void {
  const { context } = exchange;
  if (!/^[0-9]{1,18}$/.test(exchange.param)) return exchange.fail(400, "bad-parameter", "epoch");
  const targets = readySince(context, Number(exchange.param));
  if (targets.length < 2) return exchange.fail(503, "too-few-for-liveness", `${targets.length} of 2 nodes`);
  const fan = new FanOut(exchange, {
    softAt: Infinity,
    deadlineAt: exchange.deadlineAt(),
    decide(state) {
      const decision = decideUnion(state);
      switch (decision.kind) {
        case "wait":
          return false;
        case "serve":
          exchange.replyJson(200, { data: decision.data });
          return true;
        case "refused":
          exchange.reply(decision.status, { "content-type": "application/json" }, decision.body);
          return true;
        case "too-few":
          exchange.fail(503, "too-few-for-liveness", `${decision.answered} of 2 answers`);
          return true;
      }
    },
  });
  // The answers are read here and the client's is made here: JSON, whatever the client's own Accept.
  const call = outgoing(exchange);
  const headers = [...withoutHeaders(call.headers, acceptHeader), "accept", "application/json"];
  fan.start({ ...call, headers }, targets);
}

/** Ready nodes whose readiness is older than the epoch's start; nobody while the network is unknown. */
function readySince(context: GroupContext, epoch: number): FanOutTarget[] {
  const network = context.upstream.network();
  if (!network) return [];
  const startsAt = network.genesis.genesisTimeMs + epoch * network.spec.slotsPerEpoch * network.spec.slotDurationMs;
  const names = context.upstream
    .view()
    .ready.filter((node) => (context.upstream.status(node)?.sinceAt ?? Infinity) <= startsAt);
  return linksOf(context, names).map((link) => ({ link, isReady: true }));
}
