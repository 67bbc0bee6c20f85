import type { GroupContext } from "../context.ts";
import type { CallObservation } from "../../upstream/types.ts";
import type { Attempt } from "./attempt.ts";

/** How long a node that just failed goes last among the ready, ms: until the health machine has looked. */
const avoidMs = 500;

/** Tells the health machine what a call showed. Good answers are told at most once a second and node. */
export function reportCall(
  context: GroupContext,
  attempt: Attempt,
  outcome: CallObservation["outcome"],
  isCheap: boolean,
  detail: string,
): void {
  const { link } = attempt;
  const now = context.clock.monotonic();
  if (outcome === "answered") {
    if (now - link.lastReportAt < 1_000) return;
    link.lastReportAt = now;
  } else link.avoidUntil = now + avoidMs;
  context.upstream.report({ node: link.name, isCheap, outcome, latencyMs: now - attempt.startedAt, detail });
}

/** A cheap call kept silent for its budget: the node goes last for a while and is probed out of turn. */
export function suspectHang(context: GroupContext, attempt: Attempt, detail: string): void {
  attempt.link.avoidUntil = context.clock.monotonic() + 2 * avoidMs;
  context.upstream.suspect(attempt.link.name, detail);
}
