import type { Labels } from "../labels.ts";
import type { AlertReasonCode } from "../reasons.ts";
import type { Severity } from "../severity.ts";

/** An alert that is pending or firing. Plain data: it is stored as it is, so that a restart forgets nothing. */
export interface AlertState {
  /** Over the alert's name and all its labels. */
  fingerprint: string;
  /** `ruleKeyOf` of the rule it belongs to. */
  rule: string;
  kind: "pending" | "firing";
  /** With `alertname`, `severity` and `owner`. */
  labels: Labels;
  severity: Severity;
  /** Filled in with the newest known value. */
  summary: string;
  description: string;
  runbook: string;
  playbook: string;
  /** Newest known value of the fact that decided, `null` where Prometheus gave no finite one; and when it was observed. */
  value: number | null;
  observedAt: number;
  /** When the condition began to hold. */
  activeAt: number;
  /** When it began to fire; 0 while pending. */
  firedAt: number;
  /** Since when the condition no longer holds, while it fires on by `keep_firing_for`; 0 otherwise. */
  endedAt: number;
  /** Since when its facts are missing or old; 0 while they are known. */
  unknownSince: number;
}

export type TransitionKind = "pending" | "firing" | "resolved" | "dropped" | "unknown" | "known";

/** One change of one alert. */
export interface Transition {
  kind: TransitionKind;
  reason: AlertReasonCode;
  at: number;
  /** The alert after the change; before it, where it is gone. */
  alert: AlertState;
}

/** What a Prometheus answered to a rule's query: the samples for which the condition holds. */
export interface PromqlAnswer {
  /** `ruleKeyOf` of the rule. */
  rule: string;
  at: number;
  samples: readonly { labels: Labels; value: number }[];
  /** Samples that are not listed: an alert that has none may be among them, so that nothing is known of it. */
  left?: number;
}

/** A rule that could not be judged as it was meant. */
export interface RuleProblem {
  rule: string;
  alert: string;
  reason: AlertReasonCode;
  /** Of "too-many-alerts": how many were left out. */
  count: number;
}
