import type { Answer, Verdict } from "./answer.ts";
import type { Evidence, Subject } from "./evidence.ts";
import { questions } from "./questions.ts";

/** What one run says: for people by `renderTable`, for machines by `renderJson`. */
export interface CheckReport {
  at: number;
  durationMs: number;
  /** The worst verdict; `not-asked` never counts. */
  verdict: Exclude<Verdict, "not-asked">;
  exitStatus: 0 | 1 | 2;
  counts: Readonly<Record<Verdict, number>>;
  /** In the order in which they were named. */
  subjects: readonly Subject[];
  answers: readonly Answer[];
  /** Things about the question itself: a URL that was named twice. */
  notes: readonly string[];
}

/** Asks every question of the evidence. Pure. */
export function makeReport(evidence: Evidence, durationMs: number, notes: readonly string[]): CheckReport {
  const answers = questions.flatMap((question) => question.ask(evidence));
  const counts: Record<Verdict, number> = { good: 0, warning: 0, bad: 0, unknown: 0, "not-asked": 0 };
  for (const { verdict } of answers) counts[verdict]++;
  const verdict = counts.bad > 0 ? "bad" : counts.warning > 0 ? "warning" : counts.unknown > 0 ? "unknown" : "good";
  const subjects = [evidence.nodes, evidence.references, evidence.validatorClients, evidence.hosts, evidence.logs]
    .flat()
    .map(({ subject }) => subject);
  return { at: evidence.now, durationMs, verdict, exitStatus: exitStatusOf(verdict), counts, subjects, answers, notes };
}

/** 0: everything that was asked is good. 1: something needs a look, or was asked and not answered. 2: something is bad. */
export function exitStatusOf(verdict: CheckReport["verdict"]): 0 | 1 | 2 {
  switch (verdict) {
    case "good":
      return 0;
    case "warning":
    case "unknown":
      return 1;
    case "bad":
      return 2;
  }
}
