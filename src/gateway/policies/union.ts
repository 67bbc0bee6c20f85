import type { FanOutState } from "../send/fan-out.ts";

/** A validator's liveness in one epoch, as `POST /eth/v1/validator/liveness/{epoch}` answers it. */
export interface Liveness {
  index: string;
  is_live: boolean;
}

export type UnionDecision =
  | { kind: "wait" }
  | { kind: "serve"; data: readonly Liveness[] }
  | { kind: "refused"; status: number; body: Buffer }
  | { kind: "too-few"; answered: number };

/**
 * A validator is live if any node saw it. Fewer than two usable answers are no proof of its absence, and doppelganger
 * protection hangs on that proof. All nodes are waited for, until the deadline.
 */
export function decideUnion(state: FanOutState): UnionDecision {
  if (state.pending.length > 0 && !state.isExpired) return { kind: "wait" };
  const lists: Liveness[][] = [];
  for (const answer of state.answers) {
    const list = answer.status === 200 ? readLiveness(answer.body) : undefined;
    if (list) lists.push(list);
  }
  if (lists.length >= 2) return { kind: "serve", data: orByIndex(lists) };
  const refusal = state.answers.find((answer) => answer.status === 400);
  if (refusal && lists.length === 0) return { kind: "refused", status: 400, body: refusal.body };
  return { kind: "too-few", answered: lists.length };
}

/** `undefined` for anything that is not a list of liveness items. */
function readLiveness(body: Buffer): Liveness[] | undefined {
  try {
    const { data } = JSON.parse(body.toString("utf8")) as { data?: unknown };
    if (!Array.isArray(data)) return undefined;
    const list: Liveness[] = [];
    for (const item of data as unknown[]) {
      const { index, is_live } = (item ?? {}) as { index?: unknown; is_live?: unknown };
      if ((typeof index !== "string" && typeof index !== "number") || typeof is_live !== "boolean") return undefined;
      list.push({ index: String(index), is_live });
    }
    return list;
  } catch {
    return undefined;
  }
}

function orByIndex(lists: readonly (readonly Liveness[])[]): Liveness[] {
  const merged = new Map<string, boolean>();
  for (const list of lists)
    for (const { index, is_live } of list) merged.set(index, is_live || merged.get(index) === true);
  return [...merged].map(([index, is_live]) => ({ index, is_live }));
}
