import type { Answer, FanOutState } from "../send/fan-out.ts";

import { isAlreadyKnown } from "./already-known.ts";

export type BlockDecision = { kind: "wait" } | { kind: "serve"; answer: Answer } | { kind: "nobody"; detail: string };

/** A block is published once any node took it; a refusal counts only when nobody is left, and the creator's comes first. */
export function decideBlock(state: FanOutState): BlockDecision {
  const accepted = state.answers.find((answer) => answer.status >= 200 && answer.status < 300);
  if (accepted) return { kind: "serve", answer: accepted };
  if (state.pending.length > 0 && !state.isExpired) return { kind: "wait" };
  const knowing = state.answers.find((answer) => isAlreadyKnown(answer.status, answer.body));
  if (knowing) return { kind: "serve", answer: { ...knowing, status: 200, headers: {}, body: Buffer.alloc(0) } };
  const spoken = state.answers.find((answer) => answer.status > 0);
  if (spoken) return { kind: "serve", answer: spoken };
  return {
    kind: "nobody",
    detail: state.answers.map((answer) => `${answer.node}: ${answer.failure ?? "no answer"}`).join(", "),
  };
}
