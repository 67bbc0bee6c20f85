import { defaultRules } from "../src/alerts/default-rules.ts";
import { formatDuration } from "../src/alerts/duration.ts";
import { factCatalogue } from "../src/alerts/fact-catalogue.ts";
import type { Rule } from "../src/alerts/rule.ts";

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** The rules that ship, and the facts that rules of one's own can be made of. */
export function renderAlertsPage(generated: string): string {
  const rules = [...Map.groupBy(defaultRules, ({ alert }) => alert)].map(([name, own]) => renderRule(name, own));
  const facts = factCatalogue.map(
    ({ name, unit, labels, meaning, needs }) =>
      `| \`${name}\` | ${unit} | ${labels.join(", ")} | ${cell(meaning)}${needs === undefined ? "" : ` Needs ${cell(needs)}.`} |`,
  );
  return [
    "# Rules and facts",
    "",
    `${generated} How rules are switched off, replaced and written: [respond](../respond.md#rules).`,
    "",
    "## Rules that ship",
    "",
    "All of them are on. A rule whose facts are not known says so on the page *Alerts*; it is never taken for calm.",
    "",
    ...rules,
    "## Facts",
    "",
    "What `expr` of a rule may compare. A fact has only those of its labels that apply.",
    "",
    "| fact | unit | labels | meaning |",
    "|---|---|---|---|",
    ...facts,
    "",
  ].join("\n");
}

function renderRule(name: string, rules: readonly Rule[]): string {
  const conditions = rules.map(
    ({ expr, forMs, severity }) =>
      `- **${severity}** where \`${expr}\`${forMs === 0 ? "" : ` for ${formatDuration(forMs)}`}`,
  );
  const texts = new Set(rules.flatMap(({ annotations: { description }, playbook }) => [description, playbook]));
  const owners = [...new Set(rules.map(({ owner }) => owner))].join(", ");
  return [
    `### ${name}`,
    "",
    ...conditions,
    "",
    ...[...texts].filter((text) => text !== "").flatMap((text) => [text, ""]),
    `Owner: ${owners}.`,
    "",
  ].join("\n");
}
