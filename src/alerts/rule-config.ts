import { z } from "zod";
import { textSchema, valueIssue } from "../fleet/config-values.ts";
import { labelForm } from "../fleet/label-names.ts";
import { parseDuration } from "./duration.ts";
import { parseExpr } from "./expr/parse-expr.ts";
import { orProblem, pointAt, type TextProblem } from "./expr/refusal.ts";
import { comparesOf } from "./expr/types.ts";
import { factNamed, nearestFact } from "./fact-catalogue.ts";
import { ruleKeyOf, type Condition, type Rule } from "./rule.ts";
import { severities, type Severity } from "./severity.ts";
import { checkTemplate } from "./template.ts";

/** Alert rules in the shape of Prometheus' rule files: `groups[].rules[]`. */

const promqlPrefix = /^\s*promql:\s*/;

/** The condition behind an `expr`; facts that the catalogue does not know are refused where they stand. */
export function readCondition(text: string): { kind: "read"; value: Condition } | ({ kind: "refused" } & TextProblem) {
  const prefix = promqlPrefix.exec(text)?.[0];
  if (prefix !== undefined) {
    const query = text.slice(prefix.length).trim();
    if (query === "") return { kind: "refused", message: "expected a PromQL query", position: prefix.length };
    return { kind: "read", value: { kind: "promql", query } };
  }
  const parsed = parseExpr(text);
  if (parsed.kind === "refused") return parsed;
  const unknown = comparesOf(parsed.value).find(({ fact }) => !factNamed(fact));
  if (!unknown) return { kind: "read", value: { kind: "facts", expr: parsed.value } };
  const nearest = nearestFact(unknown.fact);
  const hint = nearest === undefined ? "; docs/generated/alerts.md lists them" : `; did you mean ${nearest}?`;
  return { kind: "refused", message: `no fact is called ${unknown.fact}${hint}`, position: unknown.position };
}

/** A duration as Prometheus writes it, up to a year; read as ms. */
export function durationSchema(description: string, example: string) {
  return z
    .string()
    .transform((text, ctx): number => {
      const ms = parseDuration(text);
      if (ms !== undefined && ms <= 365 * 86_400_000) return ms;
      valueIssue(ctx, "bad-value", `"${text}" is not a duration`, `Write for example ${example}.`);
      return z.NEVER;
    })
    .meta({ description, examples: [example] });
}

function templateSchema(maxLength: number, description: string, example: string) {
  return z
    .string()
    .min(1, { error: "must not be empty" })
    .max(maxLength, { error: `must not be longer than ${maxLength} characters` })
    .superRefine((text, ctx) => {
      const checked = orProblem(() => checkTemplate(text));
      if (checked.kind === "refused")
        valueIssue(ctx, "bad-value", pointAt(text, checked), "Labels and value are all that can be filled in.");
    })
    .meta({ description, examples: [example] });
}

const exprSchema = z
  .string()
  .transform((text, ctx): { text: string; condition: Condition } => {
    const read = readCondition(text);
    if (read.kind === "read") return { text: text.trim(), condition: read.value };
    const fix = 'Write for example finality_lag_epochs > 3, or "promql: …".';
    valueIssue(ctx, "bad-value", pointAt(text, read), fix);
    return z.NEVER;
  })
  .meta({
    description:
      'A condition on facts of the catalogue, or `promql: …`, which the configured Prometheus evaluates. A label matched with `="*"` gives one alert for each of its values.',
    examples: ['underperforming_ratio{customer="*"} > 0.05'],
  });

const labelsSchema = z
  .record(
    z.string().regex(labelForm, { error: "must be the name of a label" }),
    z.string().max(200, { error: "must not be longer than 200 characters" }),
  )
  .superRefine((labels, ctx) => {
    if (!severities.some((each) => each === labels["severity"]))
      valueIssue(
        ctx,
        "missing-key",
        "the label severity is missing or unknown",
        `Write one of: ${severities.join(", ")}.`,
      );
    if (!labels["owner"])
      valueIssue(ctx, "missing-key", "the label owner is missing", "Name the team that looks after it.");
    if (labels["alertname"] !== undefined)
      valueIssue(ctx, "conflict", "the label alertname is the alert's own", "Leave it out.");
  })
  .meta({
    description: "Labels of every alert of the rule. `severity` (critical, warning, info) and `owner` are needed.",
    examples: [{ severity: "warning", owner: "operations" }],
  });

const annotationsSchema = z
  .strictObject({
    summary: templateSchema(200, "One line: what is wrong, with what.", "Node {{ $labels.node }} is not ready."),
    description: templateSchema(2_000, "What it means and what it costs.", "Duties rest on the other nodes."),
    runbook_url: textSchema("Where more is written.", "https://wiki.example/runbooks/node").exactOptional(),
    playbook: templateSchema(4_000, "What to do, in plain words.", "Look at the node's log, then restart its client."),
  })
  .meta({ description: "Texts for people.", examples: [{ summary: "…", description: "…", playbook: "…" }] });

const ruleSchema = z
  .strictObject({
    alert: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: "must be letters, digits and underscores, at most 100" })
      .meta({ description: "Name of the alert.", examples: ["FinalityLag"] }),
    expr: exprSchema,
    for: durationSchema("How long the condition must hold before the alert fires.", "5m").prefault("0s"),
    keep_firing_for: durationSchema("How long the alert fires on after the condition ended.", "10m").prefault("0s"),
    stale_after: durationSchema("Facts older than that are not known.", "15m").exactOptional(),
    labels: labelsSchema,
    annotations: annotationsSchema,
  })
  .meta({ description: "One alert rule." });

const groupSchema = z.strictObject({
  name: textSchema("Name of the group, for people.", "own-rules"),
  interval: durationSchema("How often Prometheus is asked for the group's `promql:` rules.", "1m").prefault("1m"),
  rules: z
    .array(ruleSchema)
    .max(500, { error: "must not hold more than 500 rules" })
    .meta({ description: "Its rules." }),
});

/** The whole document; its output is the rules, in the order they were written. */
export const rulesSchema = z
  .strictObject({
    groups: z
      .array(groupSchema)
      .max(100, { error: "must not hold more than 100 groups" })
      .meta({ description: "Groups of rules." }),
  })
  .transform(({ groups }, ctx): Rule[] => {
    const rules = groups.flatMap(({ interval, rules }) => rules.map((rule) => toRule(rule, interval)));
    const twin = firstTwin(rules);
    if (twin === undefined) return rules;
    valueIssue(
      ctx,
      "conflict",
      `two rules are called ${twin} and have the same labels`,
      "Rename one, or give it a label.",
    );
    return z.NEVER;
  })
  .meta({ description: "Alert rules in the shape of Prometheus' rule files.", examples: [{ groups: [] }] });

export type RuleDocument = z.input<typeof rulesSchema>;

/** The name of a rule that cannot be told from another. */
export function firstTwin(rules: readonly Rule[]): string | undefined {
  const seen = new Set<string>();
  return rules.find((rule) => {
    const key = ruleKeyOf(rule);
    const isTwin = seen.has(key);
    seen.add(key);
    return isTwin;
  })?.alert;
}

function toRule(rule: z.output<typeof ruleSchema>, intervalMs: number): Rule {
  const { summary, description, playbook, runbook_url: runbook } = rule.annotations;
  return {
    alert: rule.alert,
    expr: rule.expr.text,
    condition: rule.expr.condition,
    forMs: rule.for,
    keepFiringForMs: rule.keep_firing_for,
    ...(rule.stale_after === undefined ? {} : { staleAfterMs: rule.stale_after }),
    intervalMs,
    labels: rule.labels,
    annotations: { summary, description, ...(runbook === undefined ? {} : { runbook }) },
    severity: severityIn(rule.labels["severity"]),
    owner: rule.labels["owner"] ?? "",
    playbook,
  };
}

function severityIn(text: string | undefined): Severity {
  return severities.find((each) => each === text) ?? "warning";
}
