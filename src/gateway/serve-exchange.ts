import type { Exchange } from "./exchange.ts";
import type { EventRelay } from "./events/event-relay.ts";
import type { CreatorMap } from "./policies/creator-map.ts";
import type { ReplayStore } from "./replay/replay-store.ts";
import { serveBest, serveUnion } from "./serve/gather.ts";
import { serveOwn } from "./serve/own.ts";
import { serveBroadcast, servePublishBlock } from "./serve/publish.ts";
import { serveRead } from "./serve/read.ts";
import { serveReplayed } from "./serve/replayed.ts";

/** What the policies of one group keep between requests. */
export interface GroupMemory {
  creators: CreatorMap;
  replay: ReplayStore;
  events: EventRelay;
}

/** Hands a request, its body read, to its policy. */
export function serveExchange(exchange: Exchange, memory: GroupMemory): void {
  const { policy } = exchange.route;
  switch (policy) {
    case "view":
    case "pass":
      return serveRead(exchange, memory.creators);
    case "best":
      return serveBest(exchange);
    case "broadcast":
      return serveBroadcast(exchange);
    case "creator":
      return servePublishBlock(exchange, memory.creators);
    case "replay":
      return serveReplayed(exchange, memory.replay);
    case "union":
      return serveUnion(exchange);
    case "events":
      return memory.events.serve(exchange);
    case "own":
      return serveOwn(exchange);
  }
}
