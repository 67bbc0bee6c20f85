import type { Exchange } from "./exchange.ts";
import type { EventRelay } from "./events/event-relay.ts";
import type { CreatorMap } from "./policies/creator-map.ts";
import type { ReplayStore } from "./replay/replay-store.ts";
import { serveAgree } from "./serve/agree.ts";
import { serveBest, serveUnion } from "./serve/gather.ts";
import { serveOwn } from "./serve/own.ts";
import { serveFromCreator, serveProduce } from "./serve/produce.ts";
import type { Publishes } from "./serve/merged-publish.ts";
import { servePublishBlock } from "./serve/publish-block.ts";
import { serveBroadcast } from "./serve/publish.ts";
import { serveRead } from "./serve/read.ts";
import { isWithheld } from "./serve/targets.ts";
import { serveReplayed } from "./serve/replayed.ts";
import type { Sharing } from "./share/create-sharing.ts";

/** What the policies of one group keep between requests. */
export interface GroupMemory {
  creators: CreatorMap;
  replay: ReplayStore;
  events: EventRelay;
  sharing: Sharing;
  publishes: Publishes;
}

/** Hands a request, its body read, to its policy. */
export function serveExchange(exchange: Exchange, memory: GroupMemory): void {
  const { id, policy } = exchange.route;
  if (id === "getAttesterDuties" && exchange.body) exchange.context.onDutyRequest?.(exchange.body);
  // Before any answer from memory: what is held is held for everybody at once.
  if (exchange.route.isSigningInput && isWithheld(exchange)) return;
  if (exchange.route.share !== undefined) return memory.sharing.serve(exchange);
  switch (policy) {
    case "view":
      if (exchange.route.send === "creator") return serveFromCreator(exchange, memory.creators);
      return serveRead(exchange, memory.creators);
    case "coalesce":
    case "pass":
      return serveRead(exchange, memory.creators);
    case "agree":
      return serveAgree(exchange);
    case "best":
      return exchange.route.id.startsWith("produceBl")
        ? serveProduce(exchange, memory.creators, memory.replay)
        : serveBest(exchange);
    case "broadcast":
      return serveBroadcast(exchange, memory.publishes);
    case "creator":
      return servePublishBlock(exchange, memory.creators);
    case "replay":
      return serveReplayed(exchange, memory.replay, memory.publishes);
    case "union":
      return serveUnion(exchange);
    case "events":
      return memory.events.serve(exchange);
    case "own":
      return serveOwn(exchange);
  }
}
