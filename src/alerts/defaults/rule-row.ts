import type { RuleDocument } from "../rule-config.ts";
import type { Severity } from "../severity.ts";

export type RuleRow = RuleDocument["groups"][number]["rules"][number];

/** The eleven classes of alerts (EthStaker's guide for scaled operators); every shipped rule carries one. */
export const alertClasses = [
  "down",
  "missed",
  "hardware",
  "network",
  "updates",
  "security",
  "performance",
  "compliance",
  "contract",
  "late",
  "slow-blocks",
] as const;

export type AlertClass = (typeof alertClasses)[number];

export interface RuleText {
  summary: string;
  description: string;
  playbook: string;
  for?: string;
  /** "operations" unless another team looks after it. */
  owner?: string;
}

/** Builds a shipped rule from its columns, so that the files of this folder read as tables. */
export function rule(alert: string, of: AlertClass, severity: Severity, expr: string, text: RuleText): RuleRow {
  const { summary, description, playbook, owner = "operations" } = text;
  return {
    ...{ alert, expr },
    ...(text.for === undefined ? {} : { for: text.for }),
    labels: { severity, owner, class: of },
    annotations: { summary, description, playbook },
  };
}
