import { resolve } from "node:path";
import { firstTwin, rulesSchema } from "../../alerts/rule-config.ts";
import type { Rule } from "../../alerts/rule.ts";
import { readFailure } from "../../lib/read-failure.ts";
import { clashWithShipped } from "./cross-check-respond.ts";
import { inTextOrder } from "./in-text-order.ts";
import type { ConfigPath, Finding } from "./problem.ts";
import type { SecretSource } from "./secrets.ts";
import { listAt } from "./written-values.ts";
import { readYaml } from "./yaml-source.ts";
import { zodFindings } from "./zod-findings.ts";

/** Where the same document would stand in the configuration: its schema is looked up there. */
const home: ConfigPath = ["alerts", "rules"];

/**
 * The rules of the files that `alerts.ruleFiles` names. What is wrong inside a file goes to `source.problems` with its place
 * in that file; a file that cannot be read is a finding of the configuration.
 */
export async function readRuleFiles(
  paths: readonly string[],
  known: readonly Rule[],
  off: readonly string[],
  source: SecretSource,
): Promise<Rule[]> {
  const rules: Rule[] = [];
  for (const [i, path] of paths.entries()) {
    const file = resolve(source.folder, path);
    source.files.push(file);
    const text = await source.readFile(file).catch((error: unknown) => {
      const message = `the rule file ${file} cannot be read: ${readFailure(error)}`;
      const fix = "Check its path, and that the Slotkeeper user may read it.";
      source.findings.push({ path: ["alerts", "ruleFiles", i], code: "unreadable-rule-file", message, fix });
      return undefined;
    });
    if (text !== undefined) rules.push(...readRules(text, file, [...known, ...rules], off, source));
  }
  return rules;
}

function readRules(
  text: string,
  file: string,
  known: readonly Rule[],
  off: readonly string[],
  source: SecretSource,
): Rule[] {
  const yaml = readYaml(text, file);
  const parsed = yaml.data === undefined ? undefined : rulesSchema.safeParse(yaml.data);
  const findings: Finding[] = [];
  if (parsed?.success === false) {
    const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...home, ...issue.path] }));
    const inside = zodFindings(issues, { alerts: { rules: yaml.data } });
    findings.push(...inside.map((finding) => ({ ...finding, path: finding.path.slice(home.length) })));
  }
  findings.push(...clashes(yaml.data, off));
  const rules = parsed?.data ?? [];
  const twin = firstTwin([...known, ...rules]);
  if (twin !== undefined && findings.length === 0) {
    const message = `another rule is called ${twin} and has the same labels`;
    findings.push({ path: ["groups"], code: "duplicate-name", message, fix: "Rename one, or give it a label." });
  }
  source.problems.push(...yaml.problems, ...inTextOrder(findings.map(yaml.place)));
  return rules;
}

function clashes(data: unknown, off: readonly string[]): Finding[] {
  const written = listAt(data, ["groups"]).flatMap(({ path }) => listAt(data, [...path, "rules"]));
  return written.flatMap(({ path, value }): Finding[] => {
    const clash = clashWithShipped(value, off);
    return clash ? [{ path: [...path, "alert"], code: "duplicate-name", ...clash }] : [];
  });
}
