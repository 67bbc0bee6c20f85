import type { Exchange } from "../exchange.ts";
import { decideBroadcast } from "../policies/broadcast.ts";
import type { ItemFailure } from "../policies/merge-failures.ts";
import { readAttestations } from "../safety/attestation-items.ts";
import { rawHeader } from "../http/check-headers.ts";
import { gatewayReasons } from "../reasons.ts";
import { FanOut } from "../send/fan-out.ts";
import { loserDeadline, outgoing, publishTargets } from "./targets.ts";

/** A body of which some items are not published: their failures, and where the others stood. */
interface Filtered {
  body: Buffer;
  failures: readonly ItemFailure[];
  /** Index in the client's body, by index in `body`. */
  kept: readonly number[];
}

/** Policy `broadcast`: to every node, answered on the first ready one's success; refusals merged per item. */
export function serveBroadcast(exchange: Exchange): void {
  if (!isAttestations(exchange)) return broadcast(exchange, undefined);
  const { body } = exchange;
  const header = (name: string) => rawHeader(exchange.headers.forward, name);
  const items = body && readAttestations(body, header("content-type"), header("eth-consensus-version"));
  if (!items) return broadcast(exchange, undefined);
  const refused = exchange.context.safety.tripwire.checkVotes(items, exchange.identity.name);
  if (refused.size === 0) return broadcast(exchange, undefined);
  const failures = [...refused].map(([index, kind]) => ({ index, message: `${kind}: ${gatewayReasons[kind].long}` }));
  const kept = items.votes.flatMap((_, index) => (refused.has(index) ? [] : [index]));
  if (kept.length === 0) return replyFailures(exchange, failures);
  broadcast(exchange, { body: items.without(new Set(refused.keys())), failures, kept });
}

function isAttestations({ route }: Exchange): boolean {
  return route.id === "submitPoolAttestationsV2" || route.id === "submitPoolAttestations";
}

/** 400 with the items by name: clients neither repeat it elsewhere nor take the gateway for broken. */
function replyFailures(exchange: Exchange, failures: readonly ItemFailure[]): void {
  exchange.replyJson(400, { code: 400, message: "some items were not published: see failures", failures });
}

function broadcast(exchange: Exchange, filtered: Filtered | undefined): void {
  const body = filtered?.body ?? exchange.body;
  /** What was kept back here counts as refused, whatever became of the rest. */
  const accept = (serve: () => void) => (filtered ? replyFailures(exchange, filtered.failures) : serve());
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
          const { status, headers, body: answer, node } = decision.answer;
          if (status < 300) accept(() => exchange.reply(status, headers, answer, node));
          else exchange.reply(status, headers, answer, node);
          return true;
        }
        case "accepted":
          accept(() => exchange.reply(200, {}, Buffer.alloc(0), decision.nodes[0]));
          return true;
        case "failures":
          if (filtered) replyFailures(exchange, withRefused(decision.failures, filtered));
          else
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

/** The nodes' refusals count in the shorter body: back to where the client had those items. */
function withRefused(failures: readonly ItemFailure[], filtered: Filtered): ItemFailure[] {
  const moved = failures.map(({ index, message }) => ({ index: filtered.kept[index] ?? index, message }));
  return [...moved, ...filtered.failures].sort((a, b) => a.index - b.index);
}
