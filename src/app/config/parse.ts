import { crossCheck } from "./cross-check.ts";
import { inTextOrder } from "./in-text-order.ts";
import type { ConfigProblem, Finding } from "./problem.ts";
import { configSchema, type ConfigInput } from "./schema.ts";
import { readYaml } from "./yaml-source.ts";
import { zodFindings } from "./zod-findings.ts";

export interface ParsedConfig {
  /** Absent when there is any problem. */
  input: ConfigInput | undefined;
  /** All of them, in the order of the text. */
  problems: ConfigProblem[];
  place: (finding: Finding) => ConfigProblem;
}

const smallest = "Write at least: nodes: [{ name: bn1, url: http://127.0.0.1:5052 }]";

/** Reads and checks the text of a configuration file; secrets and paths are not looked at. `file` is for the messages. */
export function parseConfig(text: string, file: string): ParsedConfig {
  const source = readYaml(text, file);
  const { place } = source;
  if (source.problems.length > 0 && source.data === undefined)
    return { input: undefined, problems: source.problems, place };
  if (source.data === null || source.data === undefined) {
    const empty = place({ path: [], code: "empty-file", message: "the file is empty", fix: smallest });
    return { input: undefined, problems: [empty], place };
  }
  const parsed = configSchema.safeParse(source.data);
  const findings = [
    ...(parsed.success ? [] : zodFindings(parsed.error.issues, source.data)),
    ...crossCheck(source.data),
  ];
  const problems = inTextOrder([...source.problems, ...findings.map(place)]);
  return { input: problems.length === 0 ? parsed.data : undefined, problems, place };
}
