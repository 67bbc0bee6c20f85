import { rawHeader } from "../http/check-headers.ts";
import type { Exchange } from "../exchange.ts";
import { readReplayItems, refusedRecipients } from "../replay/replay-items.ts";
import { publishedSubscriptions } from "../published/from-subscriptions.ts";
import type { ReplayStore } from "../replay/replay-store.ts";
import type { Publishes } from "./merged-publish.ts";
import { serveBroadcast } from "./publish.ts";

/** Policy `replay`: broadcast, and remembered for nodes that come back. Items off the fee-recipient list are refused. */
export function serveReplayed(exchange: Exchange, store: ReplayStore, publishes: Publishes): void {
  const { context, body, route } = exchange;
  const kind = route.replays;
  if (!kind || !body) return exchange.fail(400, "body-not-understood");
  const encoding = rawHeader(exchange.headers.forward, "content-encoding");
  if (encoding !== undefined && encoding !== "identity")
    return exchange.fail(415, "body-not-understood", "content-encoding");
  const items = readReplayItems(kind, body, rawHeader(exchange.headers.forward, "content-type"));
  if (!items) return exchange.fail(400, "body-not-understood");
  const failures = refusedRecipients(items, context.settings.feeRecipientAllowList);
  if (failures.length > 0) {
    context.counters.feeRecipientsRefused += failures.length;
    context.log.error(
      { route: route.id, client: exchange.identity.name, count: failures.length, first: failures[0] },
      "fee recipient not on the allow-list: refused; correct the validator client or the list",
    );
    // All or nothing: a client that is wrong about one recipient must be seen to fail.
    return exchange.replyJson(400, {
      code: 400,
      message: "fee recipient not on the allow-list",
      reason: "fee-recipient-refused",
      failures,
    });
  }
  context.safety.sawKeys(items, exchange.identity.name);
  store.add(kind, items);
  if (kind === "committee-subscriptions") exchange.published = publishedSubscriptions(items);
  serveBroadcast(exchange, publishes, items.length);
}
