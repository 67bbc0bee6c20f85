import type { Answer, FanOutState } from "../send/fan-out.ts";
import { isAlreadyKnown } from "./already-known.ts";
import { readItemFailures } from "./merge-failures.ts";

/** Which items of a merged body are one client's: from `first` on, `count` of them. */
export interface Span {
  first: number;
  count: number;
}

/**
 * What a node's answer to a merged body says to the client whose items stand at `span`: the answer itself, the refusal of
 * its own items, or acceptance where only others' were refused. `undefined`: it does not say whose items it is about.
 */
export function memberAnswer(answer: Answer, { first, count }: Span): Answer | undefined {
  const { status, body } = answer;
  // No answer at all, and "not ready", are about the node; and where all that failed is known already, all is published.
  if (status === 0 || status === 503 || (status >= 200 && status < 300) || isAlreadyKnown(status, body)) return answer;
  if (status !== 400) return undefined;
  const own = readItemFailures(body)?.flatMap(({ index, message }) =>
    index >= first && index < first + count ? [{ index: index - first, message }] : [],
  );
  if (!own) return undefined;
  if (own.length === 0) return { ...answer, status: 200, headers: {}, body: Buffer.alloc(0) };
  const refusal = { code: 400, message: "some items were refused", failures: own };
  return { ...answer, body: Buffer.from(JSON.stringify(refusal)) };
}

/** The nodes whose answer does not say whose items it is about. */
export function unclearNodes({ answers }: FanOutState): readonly Answer[] {
  return answers.filter((answer) => memberAnswer(answer, { first: 0, count: 0 }) === undefined);
}

/**
 * A merged call as the client of `span` sees it. A node whose answer is unclear counts as silent until it has answered that
 * client's own body: `own` are the states of those calls, by the node that was asked again.
 */
export function memberView(merged: FanOutState, span: Span, own: ReadonlyMap<string, FanOutState>): FanOutState {
  const states = [...own.values()];
  const answers = states.flatMap((state) => state.answers);
  const pending = [...merged.pending, ...states.flatMap((state) => state.pending)];
  for (const answer of merged.answers) {
    const mine = memberAnswer(answer, span);
    if (mine) answers.push(mine);
    else if (!own.has(answer.node)) pending.push(answer);
  }
  const isExpired = merged.isExpired || states.some((state) => state.isExpired);
  return { answers, pending, isLate: merged.isLate, isExpired };
}
