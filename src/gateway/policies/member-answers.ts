import type { Answer, FanOutState } from "../send/fan-out.ts";
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
  // No answer at all, and "not ready", are about the node.
  if (status === 0 || status === 503 || (status >= 200 && status < 300)) return answer;
  if (status !== 400) return undefined;
  const own = readItemFailures(body)?.flatMap(({ index, message }) =>
    index >= first && index < first + count ? [{ index: index - first, message }] : [],
  );
  if (!own) return undefined;
  if (own.length === 0) return { ...answer, status: 200, headers: {}, body: Buffer.alloc(0) };
  const refusal = { code: 400, message: "some items were refused", failures: own };
  return { ...answer, body: Buffer.from(JSON.stringify(refusal)) };
}

/** Does every answer so far say whose items it is about? */
export function isClear({ answers }: FanOutState): boolean {
  return answers.every((answer) => memberAnswer(answer, { first: 0, count: 0 }) !== undefined);
}

/** The state of a merged call as the client of `span` sees it; every answer must be clear. */
export function memberState(state: FanOutState, span: Span): FanOutState {
  return { ...state, answers: state.answers.map((answer) => memberAnswer(answer, span) ?? answer) };
}
