import type { CreatorMap } from "../policies/creator-map.ts";
import type { Exchange } from "../exchange.ts";
import type { CallJob } from "../send/job.ts";
import { ReadCall } from "../send/read-call.ts";
import { readTargets } from "./targets.ts";

/** Policies `view` and `pass`: the first good answer of the group's nodes. */
export function serveRead(exchange: Exchange, creators: CreatorMap): void {
  const isBlock = exchange.route.isSigningInput && exchange.route.id.startsWith("produceBl");
  readJob(exchange, isBlock ? (node: string) => creators.remember(exchange.param, node) : undefined);
}

/** The same for any job: a client's own request, or one that many wait for. */
export function readJob(job: CallJob, onGood?: (node: string) => void): void {
  const links = readTargets(job);
  if (links) new ReadCall(job, links, onGood).start();
}
