import { fleetReasons } from "../../fleet/reasons.ts";
import { systemClock, type Clock } from "../../lib/clock.ts";
import { describeConfig, printableConfig } from "./describe.ts";
import { lintOnCall } from "./lint-respond.ts";
import { loadConfig } from "./load.ts";
import { formatProblems } from "./problem.ts";
import type { Env, ReadFile } from "./secrets.ts";

export interface ValidationReport {
  isValid: boolean;
  text: string;
  /** The same for machines; no secret in it. */
  json: unknown;
}

/** Checks a file and says how it was understood, or everything that is wrong with it. */
export async function validateConfig(
  file: string,
  env: Env,
  readFile?: ReadFile,
  clock: Pick<Clock, "now"> = systemClock,
): Promise<ValidationReport> {
  const { config, revision, problems, ...loaded } = await loadConfig(file, env, readFile);
  const warnings = [...loaded.warnings, ...(config ? lintOnCall(config, clock.now()) : [])];
  const explained = warnings.map((warning) => ({ ...warning, advice: fleetReasons[warning.reason].long }));
  const json = {
    file,
    isValid: config !== undefined,
    revision,
    problems,
    warnings: explained,
    config: config ? printableConfig(config) : null,
  };
  if (!config) {
    const count = problems.length === 1 ? "One problem" : `${problems.length} problems`;
    return { isValid: false, json, text: `${formatProblems(problems)}\n${count} in ${file}. Nothing was changed.\n` };
  }
  const lines = explained.map(({ detail, advice }) => `warning: ${detail}. ${advice}`);
  const text = [`${file} can be used (revision ${revision}). It is understood as:`, "", describeConfig(config), ""];
  return { isValid: true, json, text: [...text, ...lines, ""].join("\n").replace(/\n\n$/, "\n") };
}
