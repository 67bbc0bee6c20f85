import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { lintNames } from "../../fleet/lint-names.ts";
import { lintTopology, type TopologyWarning } from "../../fleet/lint-topology.ts";
import { lintRespond } from "./lint-respond.ts";
import { AppError } from "../../lib/app-error.ts";
import type { SlotkeeperConfig } from "../config.ts";
import { inTextOrder } from "./in-text-order.ts";
import { parseConfig } from "./parse.ts";
import { formatProblems, type ConfigProblem } from "./problem.ts";
import { resolveConfig } from "./resolve.ts";
import { readFailure } from "../../lib/read-failure.ts";
import type { Env, ReadFile, SecretSource } from "./secrets.ts";

/** Outcome of reading the file once. */
export interface LoadedConfig {
  /** Absent when there is any problem. */
  config: SlotkeeperConfig | undefined;
  /** First 12 hex digits of the file's SHA-256, as `sha256sum` shows it; "" when it could not be read. */
  revision: string;
  /** All of them, in the order of the text. */
  problems: readonly ConfigProblem[];
  /** Weaknesses of a valid configuration. */
  warnings: readonly TopologyWarning[];
  /** Absolute paths of everything that was read: the file, and the secret and rule files it names. */
  files: readonly string[];
}

/** What was loaded without a problem. */
export type ValidConfig = LoadedConfig & { config: SlotkeeperConfig };

/**
 * `without-alarms`: for gateways and commands, which send nothing. A token of a channel or a rule file that they cannot read
 * must not keep validator clients from being served; what it belongs to is left out.
 */
export type ConfigNeed = "whole" | "without-alarms";

const alarmSections: readonly unknown[] = ["alerts", "channels"];

const readUtf8: ReadFile = (path) => readFile(path, "utf8");

/** Reads, checks and resolves the configuration at `path`. Never throws for what an operator can cause: see `problems`. */
export async function loadConfig(
  path: string,
  env: Env,
  read: ReadFile = readUtf8,
  need: ConfigNeed = "whole",
): Promise<LoadedConfig> {
  const file = resolve(path);
  let text: string;
  try {
    text = await read(file);
  } catch (error) {
    const fix = "Check the path, or write one with: slotkeeper config init";
    const message = `${path} cannot be read: ${readFailure(error)}`;
    const problem: ConfigProblem = { file: path, line: 1, column: 1, path: "", code: "unreadable-file", message, fix };
    return { config: undefined, revision: "", problems: [problem], warnings: [], files: [file] };
  }
  const revision = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const { input, problems, place } = parseConfig(text, path);
  if (!input) return { config: undefined, revision, problems, warnings: [], files: [file] };
  const source: SecretSource = {
    ...{ folder: dirname(file), env, readFile: read },
    ...{ findings: [], problems: [], files: [file] },
  };
  const config = await resolveConfig(input, source);
  const isWhole = need === "whole";
  const findings = source.findings.filter(({ path: at }) => isWhole || !alarmSections.includes(at[0]));
  const found = [...inTextOrder(findings.map(place)), ...(isWhole ? source.problems : [])];
  if (found.length > 0) return { config: undefined, revision, problems: found, warnings: [], files: source.files };
  return {
    config,
    revision,
    problems: [],
    warnings: [...lintTopology(config), ...lintNames(config), ...(isWhole ? lintRespond(config) : [])],
    files: source.files,
  };
}

/** The same for commands that cannot go on without: throws `AppError` `config-invalid` that lists every problem. */
export async function requireConfig(
  path: string,
  env: Env,
  read: ReadFile = readUtf8,
  need: ConfigNeed = "whole",
): Promise<ValidConfig> {
  const loaded = await loadConfig(path, env, read, need);
  if (loaded.config) return { ...loaded, config: loaded.config };
  const count = loaded.problems.length === 1 ? "one problem" : `${loaded.problems.length} problems`;
  throw new AppError(`read configuration: ${count}\n${formatProblems(loaded.problems)}`, { code: "config-invalid" });
}

/** The same for whoever sends nothing: see `ConfigNeed`. */
export function requireConfigWithoutAlarms(path: string, env: Env): Promise<ValidConfig> {
  return requireConfig(path, env, readUtf8, "without-alarms");
}
