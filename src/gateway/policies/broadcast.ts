import type { Answer, FanOutState } from "../send/fan-out.ts";
import { isAlreadyKnown, isKnownItem } from "./already-known.ts";
import { mergeFailures, readItemFailures, type ItemFailure } from "./merge-failures.ts";

/** What a broadcast answers its client. */
export type BroadcastDecision =
  | { kind: "wait" }
  | { kind: "serve"; answer: Answer }
  | { kind: "accepted"; nodes: readonly string[] }
  | { kind: "failures"; failures: readonly ItemFailure[] }
  | { kind: "nobody"; detail: string };

/**
 * Success is the first 2xx of a ready node (of any node, once no ready node is left to wait for). Refusals are merged
 * per item when all ready nodes have spoken. A suspect's word counts if it is there, and is waited for only when the
 * ready nodes failed without a verdict. A node that has the message already counts as having taken it.
 */
export function decideBroadcast(state: FanOutState): BroadcastDecision {
  const accepted = state.answers.filter(isAccepted);
  const byReady = accepted.find((answer) => answer.isReady);
  if (byReady) return { kind: "serve", answer: byReady };
  if (!state.isExpired && state.pending.some((node) => node.isReady)) return { kind: "wait" };
  const byAny = accepted[0];
  if (byAny) return { kind: "serve", answer: byAny };

  const knowing = state.answers.filter((answer) => isAlreadyKnown(answer.status, answer.body));
  if (knowing.length > 0) return { kind: "accepted", nodes: knowing.map((answer) => answer.node) };

  const refusals = state.answers.filter((answer) => answer.status === 400);
  const itemLists: { node: string; failures: readonly ItemFailure[] }[] = [];
  for (const answer of refusals) {
    const failures = readItemFailures(answer.body);
    if (failures)
      itemLists.push({ node: answer.node, failures: failures.filter((item) => !isKnownItem(item.message)) });
  }
  if (itemLists.length > 0) {
    const failures = mergeFailures(itemLists.map((list) => list.failures));
    if (failures.length === 0) return { kind: "accepted", nodes: itemLists.map((list) => list.node) };
    return { kind: "failures", failures };
  }
  if (refusals[0]) return { kind: "serve", answer: refusals[0] };
  if (!state.isExpired && state.pending.length > 0) return { kind: "wait" };
  const spoken = state.answers.filter((answer) => answer.status > 0).sort((a, b) => a.status - b.status);
  if (spoken[0]) return { kind: "serve", answer: spoken[0] };
  const detail = state.answers.map((answer) => `${answer.node}: ${answer.failure ?? "no answer"}`).join(", ");
  return { kind: "nobody", detail };
}

function isAccepted(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}
