import { currentSlot, type GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { rawHeader } from "../http/check-headers.ts";
import { blockSlot } from "../policies/block-slot.ts";
import { decideBlock } from "../policies/block.ts";
import type { CreatorMap } from "../policies/creator-map.ts";
import { envelopeSlot } from "../policies/envelope-slot.ts";
import { planPublish, type PublishForm } from "../policies/creator-plan.ts";
import { publishedBlock } from "../published/from-block.ts";
import { readSignedBlock } from "../safety/signed-block.ts";
import { FanOut, type FanOutTarget } from "../send/fan-out.ts";
import { loserDeadline, outgoing, publishTargets } from "./targets.ts";

/**
 * Policy `creator`: the node that built a block publishes it, and the others help as far as they can. A second block of
 * one proposer for one slot is refused. Nothing here ever builds a block anew: only publishing is repeated.
 */
export function servePublishBlock(exchange: Exchange, creators: CreatorMap): void {
  const { context, body } = exchange;
  const contentType = rawHeader(exchange.headers.forward, "content-type");
  const isEnvelope = exchange.route.path.endsWith("/execution_payload_envelopes");
  const block = body && !isEnvelope ? readSignedBlock(body, contentType) : undefined;
  exchange.published = block && publishedBlock(block);
  if (block && context.safety.tripwire.checkBlock(block, exchange.identity.name))
    return exchange.fail(400, "double-proposal", `slot ${block.slot}, proposer ${block.proposerIndex}`);
  const slot = block?.slot ?? slotOf(context, body, contentType, isEnvelope);
  const creator = slot === undefined ? undefined : creators.find(slot, block?.stateRoot);
  const targets = publishTargets(context);
  const names = targets.map(({ link }) => link.name);
  const deadlineAt = exchange.deadlineAt();
  const plan = planPublish(formOf(exchange, isEnvelope), creator, names, deadlineAt - exchange.arrivedAt);
  const pick = (wanted: readonly string[]) =>
    wanted.flatMap((name): FanOutTarget[] => targets.filter(({ link }) => link.name === name));
  const fan = new FanOut(exchange, {
    softAt: Infinity,
    deadlineAt,
    loserDeadlineAt: loserDeadline(context),
    maxAnswerBytes: context.settings.maxBufferedAnswerBytes,
    decide(state) {
      const decision = decideBlock(state);
      if (decision.kind === "wait") return false;
      if (decision.kind === "nobody")
        exchange.fail(state.isExpired ? 504 : 503, state.isExpired ? "deadline" : "node-failed", decision.detail);
      else {
        const { answer } = decision;
        if (slot !== undefined && answer.status < 300 && endsLease(exchange)) creators.close(slot);
        exchange.reply(answer.status, answer.headers, answer.body, answer.node);
        // 202: on the network, but it failed the node's validation: it is not spread further (beacon-APIs).
        if (answer.status === 202) return "final";
      }
      return true;
    },
  });
  fan.start(outgoing(exchange), pick(plan.first), {
    targets: pick(plan.withheld),
    at: context.clock.monotonic() + plan.leadMs,
    isOneByOne: plan.isOneByOne,
  });
}

/** An envelope that cannot be read is taken for the current slot's: no other is of use. */
function slotOf(
  context: GroupContext,
  body: Buffer | null,
  contentType: string | undefined,
  isEnvelope: boolean,
): string | undefined {
  if (!body) return undefined;
  if (!isEnvelope) return blockSlot(body, contentType);
  return envelopeSlot(body, contentType) ?? currentSlot(context)?.toString();
}

function formOf({ route, headers }: Exchange, isEnvelope: boolean): PublishForm {
  if (route.path.endsWith("/blinded_blocks")) return "blinded";
  if (!isEnvelope) return "full";
  return rawHeader(headers.forward, "eth-blob-data-included")?.toLowerCase() === "true" ? "full" : "stateful";
}

const forksBeforeGloas = ["phase0", "altair", "bellatrix", "capella", "deneb", "electra", "fulu"];

/** From Gloas on the builder still holds the payload when the block is out: its lease ends when that is revealed too. */
function endsLease({ route, headers }: Exchange): boolean {
  if (route.path.endsWith("/execution_payload_envelopes")) return true;
  const version = rawHeader(headers.forward, "eth-consensus-version");
  return version === undefined || forksBeforeGloas.includes(version.toLowerCase());
}
