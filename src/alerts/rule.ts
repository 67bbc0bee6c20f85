import type { Expr } from "./expr/types.ts";
import { fingerprintOf, type Labels } from "./labels.ts";
import type { Severity } from "./severity.ts";

/** What a rule asks: a condition on our own facts, or a query that the operator's own Prometheus evaluates. */
export type Condition = { kind: "facts"; expr: Expr } | { kind: "promql"; query: string };

export interface Rule {
  /** As the operator knows it; with the labels unique among the rules. */
  alert: string;
  /** The condition as it was written. */
  expr: string;
  condition: Condition;
  /** The condition must hold so long before the alert fires. */
  forMs: number;
  /** The alert goes on firing so long after the condition has ended. */
  keepFiringForMs: number;
  /** Facts older than that are not known. Absent: as the fact catalogue says for each. */
  staleAfterMs?: number;
  /** Of the query in Prometheus. Own facts are judged whenever they come. */
  intervalMs: number;
  /** Those that every alert of the rule carries, `severity` and `owner` among them. */
  labels: Labels;
  annotations: RuleAnnotations;
  severity: Severity;
  /** Who looks after the rule and what it is about: a team, not a person on call. */
  owner: string;
  /** What to do, in plain words. */
  playbook: string;
}

/** Texts for people; `{{ $labels.name }}` and `{{ $value }}` are filled in. */
export interface RuleAnnotations {
  summary: string;
  description: string;
  /** A link to a longer text. */
  runbook?: string;
}

/** The same for a rule as long as its alert name and labels stay, whatever becomes of its condition. */
export function ruleKeyOf({ alert, labels }: Pick<Rule, "alert" | "labels">): string {
  return fingerprintOf({ ...labels, alertname: alert });
}
