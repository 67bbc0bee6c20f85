import { currentSlot } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { healthStatus, readSyncingStatus, syncingData } from "../policies/own.ts";

/** Policy `own`: what the gateway knows for the whole group, without asking anybody. */
export function serveOwn(exchange: Exchange): void {
  const { context } = exchange;
  const view = context.upstream.view();
  switch (exchange.route.id) {
    case "getHealth": {
      const chosen = readSyncingStatus(exchange.target);
      if (chosen === null) return exchange.fail(400, "bad-parameter", "syncing_status");
      return exchange.reply(healthStatus(view, chosen), {}, Buffer.alloc(0));
    }
    case "getNodeVersion":
      return exchange.replyJson(200, { data: { version: `Slotkeeper/${context.version}` } });
    case "getNodeVersionV2":
      return exchange.replyJson(200, { data: { beacon_node: ownVersion(context.version) } });
    default: {
      if (view.ready.length === 0 && view.fallback.length === 0) return exchange.fail(503, "no-node");
      if (view.kind !== "serving") exchange.degraded = view.reason ?? view.kind;
      return exchange.replyJson(200, { data: syncingData(view, context.upstream.statuses(), currentSlot(context)) });
    }
  }
}

/** Version in the form of the Engine API's `ClientVersionV1`; the gateway has no commit of its own to name. */
function ownVersion(version: string): Record<string, string> {
  return { code: "SK", name: "Slotkeeper", version, commit: "0x00000000" };
}
