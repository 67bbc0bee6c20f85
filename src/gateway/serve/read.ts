import type { Exchange } from "../exchange.ts";
import { ReadCall } from "../send/read-call.ts";
import type { CreatorMap } from "../policies/creator-map.ts";
import { readTargets } from "./targets.ts";

/** Policies `view` and `pass`: the first good answer of the group's nodes. */
export function serveRead(exchange: Exchange, creators: CreatorMap): void {
  const links = readTargets(exchange);
  if (!links) return;
  const isBlock = exchange.route.isSigningInput && exchange.route.id.startsWith("produceBl");
  const onGood = isBlock ? (node: string) => creators.remember(exchange.param, node) : undefined;
  new ReadCall(exchange, links, onGood).start();
}
