import type { ConfigReasonCode } from "./reasons.ts";

/** Steps into the file: keys and list positions. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong, before its place in the text is looked up. */
export interface Finding {
  path: ConfigPath;
  code: ConfigReasonCode;
  message: string;
  /** What to write instead. */
  fix: string;
  /** Point at the key rather than at its value. */
  isAboutKey?: boolean;
}

/** One thing that is wrong with the file, and where. Lines and columns count from 1. */
export interface ConfigProblem {
  file: string;
  line: number;
  column: number;
  /** As in "nodes[0].url"; "" for the whole file. */
  path: string;
  code: ConfigReasonCode;
  message: string;
  fix: string;
}

export function formatPath(path: ConfigPath): string {
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}

/** "slotkeeper.yaml:3:5: nodes[0].urll: unknown key. Write url." */
function formatProblem(problem: ConfigProblem): string {
  const path = problem.path === "" ? "" : `${problem.path}: `;
  // A message that points at a character ends in a line of its own.
  const join = problem.message.includes("\n") ? "\n  " : ". ";
  return `${problem.file}:${problem.line}:${problem.column}: ${path}${problem.message}${join}${problem.fix}`;
}

export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join("\n");
}
