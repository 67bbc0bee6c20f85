import type { Evidence, Fact, Subject } from "./evidence.ts";
import { checkReasons, type CheckReasonCode } from "./reasons.ts";

/**
 * `unknown` was asked and not answered; `not-asked` means that nobody named anything to ask. Neither is green, but only
 * the first counts against the exit status.
 */
export type Verdict = "good" | "warning" | "bad" | "unknown" | "not-asked";

export type EvidenceValue = string | number | boolean | null;

/** One answer of one question about one subject. */
export interface Answer {
  /** The question: stable, kebab-case. */
  id: string;
  subject: Subject;
  verdict: Verdict;
  reason: CheckReasonCode;
  /** A few words for a table cell. */
  short: string;
  /** The numbers behind the words: "head 12,345, 1 slot behind". */
  detail: string;
  /** The same for machines. */
  evidence: Readonly<Record<string, EvidenceValue>>;
  /** What to do next; absent when there is nothing to do. */
  nextStep: string | undefined;
}

/** A first-look question: a pure function of what was gathered. One file each, one line in the registry. */
export interface Question {
  id: string;
  /** As it stands in the table. */
  title: string;
  ask(evidence: Evidence): readonly Answer[];
}

/** Builds an answer; the words come from the reason. */
export function answer(
  id: string,
  subject: Subject,
  verdict: Verdict,
  reason: CheckReasonCode,
  detail = "",
  evidence: Record<string, EvidenceValue | undefined> = {},
): Answer {
  const known = Object.entries(evidence).filter((entry): entry is [string, EvidenceValue] => entry[1] !== undefined);
  return {
    id,
    subject,
    verdict,
    reason,
    short: checkReasons[reason].short,
    detail,
    evidence: Object.fromEntries(known),
    nextStep: verdict === "good" ? undefined : checkReasons[reason].long,
  };
}

/** The answer where the fact that it needs did not come. */
export function unanswered(id: string, subject: Subject, fact: Fact<unknown> & { kind: "failed" }): Answer {
  const isDead = ["refused", "unreachable", "timeout", "tls", "reset"].includes(fact.failure);
  return answer(id, subject, "unknown", isDead ? "node-unavailable" : "not-answered", fact.message, {
    failure: fact.failure,
    status: fact.status,
  });
}
