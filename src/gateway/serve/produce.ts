import type { GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { decideBestBlock, type BlockCandidate } from "../policies/best-block.ts";
import type { CreatorMap } from "../policies/creator-map.ts";
import { readProducedBlock } from "../policies/produced-block.ts";
import type { ReplayStore } from "../replay/replay-store.ts";
import { FanOut, type Answer, type FanOutState } from "../send/fan-out.ts";
import { ReadCall } from "../send/read-call.ts";
import { outgoing, readTargets } from "./targets.ts";

/** Silence after which a node that builds is probed: a hung one is not waited for, a busy one is not condemned, ms. */
const probeAfterMs = 400;

/** Policy `best` for block production: all ready nodes build, and the best block at half the budget is served. */
export function serveProduce(exchange: Exchange, creators: CreatorMap, replay: ReplayStore): void {
  const links = readTargets(exchange);
  if (!links) return;
  const { context, param } = exchange;
  const deadlineAt = exchange.deadlineAt();
  const read = new Map<Answer, BlockCandidate | undefined>();
  const order = links.map(({ name }) => name);
  const fan = new FanOut(exchange, {
    softAt: (exchange.arrivedAt + deadlineAt) / 2,
    deadlineAt,
    probeAt: exchange.arrivedAt + probeAfterMs,
    // Contents with many blobs are larger than any other answer; a publish may be just as large.
    maxAnswerBytes: context.settings.maxPublishBodyBytes,
    decide(state) {
      for (const answer of state.answers) if (!read.has(answer)) read.set(answer, readCandidate(exchange, answer));
      const candidates = [...read.values()].filter((candidate) => candidate !== undefined);
      candidates.sort((a, b) => order.indexOf(a.answer.node) - order.indexOf(b.answer.node));
      const decision = decideBestBlock({
        candidates,
        isAnybodyPending:
          state.pending.some(({ isReady }) => isReady) || (candidates.length === 0 && state.pending.length > 0),
        isLate: state.isLate,
        isExpired: state.isExpired,
        viewHeadRoot: context.upstream.view().head?.root,
        allowedRecipients: context.settings.feeRecipientAllowList.map((address) => address.toLowerCase()),
        preparedRecipient: (index) => replay.preparedRecipient(index),
        blindedBoostPercent: context.settings.blindedBoostPercent,
        isValueComparable: isValueComparable(context),
      });
      switch (decision.kind) {
        case "wait":
          return false;
        case "serve": {
          const { answer, block } = decision.candidate;
          const { stateRoot, isBlinded, isPayloadIncluded } = block;
          creators.remember(param, answer.node, { stateRoot, isBlinded, isPayloadIncluded });
          exchange.reply(answer.status, answer.headers, answer.body, answer.node);
          return true;
        }
        case "not-allowed":
          context.log.error(
            { slot: param, recipients: decision.recipients },
            "every block pays a fee recipient off the list",
          );
          exchange.fail(503, "no-allowed-block", decision.recipients.join(", "));
          return true;
        case "none":
          failProduction(exchange, state);
          return true;
      }
    },
  });
  fan.start(
    outgoing(exchange),
    links.map((link) => ({ link, isReady: true })),
  );
}

function readCandidate(exchange: Exchange, answer: Answer): BlockCandidate | undefined {
  if (answer.status !== 200) return undefined;
  const { context, param, route } = exchange;
  const read = readProducedBlock(answer.headers, answer.body, {
    slot: param,
    presetBase: context.upstream.network()?.spec.presetBase,
    isAlwaysBlinded: route.id === "produceBlindedBlock",
  });
  if (read.ok) return { answer, block: read.block };
  context.upstream.suspect(answer.node, `${route.id}: ${read.why}`);
  return undefined;
}

/** On Gnosis a payload's value is in another token than the block's (xDAI and mGNO). */
function isValueComparable({ upstream }: GroupContext): boolean {
  const spec = upstream.network()?.spec;
  return spec !== undefined && spec.presetBase !== "gnosis" && !/gnosis|chiado/i.test(spec.configName);
}

/** Nobody built a block: a node's own word where it is one about the request, else what happened to them. */
function failProduction(exchange: Exchange, { answers, isExpired }: FanOutState): void {
  const refusal =
    answers.find(({ status }) => status >= 400 && status < 500) ?? answers.find(({ status }) => status >= 500);
  if (refusal) return exchange.reply(refusal.status, refusal.headers, refusal.body, refusal.node);
  if (isExpired) return exchange.fail(504, "deadline");
  const detail = answers.map(({ node, failure, status }) => `${node}: ${failure ?? `HTTP ${status}`}`).join(", ");
  exchange.fail(503, "node-failed", detail);
}

/** What only the node that built the block holds (a Gloas envelope): from that node, or from each in turn if it is unknown. */
export function serveFromCreator(exchange: Exchange, creators: CreatorMap): void {
  const links = readTargets(exchange);
  if (!links) return;
  const slot = /\/execution_payload_envelopes\/([0-9]+)/.exec(exchange.target)?.[1] ?? exchange.param;
  const link = exchange.context.links.get(creators.find(slot) ?? "");
  new ReadCall(exchange, link ? [link] : links).start();
}
