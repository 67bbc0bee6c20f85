import { linksOf, slotMs, type GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { chooseForRead, chooseForSigning, type NodeChoice } from "../policies/choose-nodes.ts";
import type { OutgoingCall } from "../send/attempt.ts";
import type { FanOutTarget } from "../send/fan-out.ts";
import type { CallJob } from "../send/job.ts";
import type { NodeLink } from "../send/node-pools.ts";

/** Does somebody withhold what validators sign over? Then the question is answered with that. */
export function isWithheld(job: CallJob): boolean {
  const hold = job.context.safety.heldBecause;
  if (hold === undefined) return false;
  job.fail(503, "held", `by ${hold.by}: ${hold.reason}`);
  return true;
}

/** The nodes that may answer a read, best first; answers the client and returns `undefined` where there are none. */
export function readTargets(job: CallJob): NodeLink[] | undefined {
  const { context, route } = job;
  if (route.isSigningInput && isWithheld(job)) return undefined;
  const view = context.upstream.view();
  const choice: NodeChoice = route.isSigningInput
    ? chooseForSigning(view, (node) => context.upstream.status(node)?.head?.root)
    : chooseForRead(view);
  if (choice.kind === "none") {
    job.fail(503, choice.reason);
    return undefined;
  }
  if (choice.kind === "degraded") job.degraded = choice.why;
  const links = linksOf(context, choice.names);
  if (links.length > 0) return links;
  job.fail(503, route.isSigningInput ? "no-signing-node" : "no-node");
  return undefined;
}

/**
 * Publishing is open to every node that is not down, suspects included, ready ones first; with all down, to all of
 * them: a health state that is wrong must not cost a message.
 */
export function publishTargets(context: GroupContext): FanOutTarget[] {
  const { ready } = context.upstream.view();
  const targets: FanOutTarget[] = linksOf(context, ready).map((link) => ({ link, isReady: true }));
  for (const link of context.links.values()) {
    const status = context.upstream.status(link.name);
    const isOut = status?.health === "down" || status?.operator === "maintenance";
    if (!isOut && !ready.includes(link.name)) targets.push({ link, isReady: false });
  }
  if (targets.length > 0) return targets;
  return [...context.links.values()].map((link) => ({ link, isReady: false }));
}

/** The client's request as it goes to a node. */
export function outgoing(exchange: Exchange, body = exchange.body): OutgoingCall {
  return {
    method: exchange.isHead ? "GET" : (exchange.req.method as OutgoingCall["method"]),
    target: exchange.target,
    headers: exchange.headers.forward,
    body,
    lane: exchange.route.isDuty ? "duty" : "bulk",
  };
}

/** How long losing publishes may run on: one slot from now. */
export function loserDeadline(context: GroupContext): number {
  return context.clock.monotonic() + slotMs(context);
}
