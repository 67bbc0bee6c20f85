import type { Exchange } from "../exchange.ts";
import { rawHeader } from "../http/check-headers.ts";
import { publishedAttestations } from "../published/from-attestations.ts";
import { readSyncMessages } from "../published/from-sync-messages.ts";
import { gatewayReasons } from "../reasons.ts";
import { readAttestations } from "../safety/attestation-items.ts";
import type { Publishes } from "./merged-publish.ts";
import { replyFailures, sendAlone, type Publishing } from "./send-publish.ts";

/**
 * Policy `broadcast`: to every node, answered on the first ready one's success; refusals merged per item. `itemCount` is
 * how many items the body has, where whoever calls has read them.
 */
export function serveBroadcast(exchange: Exchange, publishes: Publishes, itemCount?: number): void {
  const { body } = exchange;
  const header = (name: string) => rawHeader(exchange.headers.forward, name);
  if (exchange.route.id === "submitPoolSyncCommitteeSignatures" && body) {
    const read = readSyncMessages(body, header("content-type"));
    exchange.published = read;
    return publishes.add({ exchange, body, kept: undefined }, read?.count);
  }
  if (!isAttestations(exchange)) return publishes.add({ exchange, body, kept: undefined }, itemCount);
  const items = body && readAttestations(body, header("content-type"), header("eth-consensus-version"));
  if (!items) return sendAlone({ exchange, body, kept: undefined });
  exchange.published = publishedAttestations(items);
  const refused = exchange.context.safety.tripwire.checkVotes(items, exchange.identity.name);
  if (refused.size === 0) return publishes.add({ exchange, body, kept: undefined }, items.votes.length);
  const failures = [...refused].map(([index, kind]) => ({ index, message: `${kind}: ${gatewayReasons[kind].long}` }));
  const places = items.votes.flatMap((_, index) => (refused.has(index) ? [] : [index]));
  if (places.length === 0) return replyFailures(exchange, failures);
  const publishing: Publishing = {
    exchange,
    body: items.without(new Set(refused.keys())),
    kept: { failures, places },
  };
  sendAlone(publishing);
}

function isAttestations({ route }: Exchange): boolean {
  return route.id === "submitPoolAttestationsV2" || route.id === "submitPoolAttestations";
}
