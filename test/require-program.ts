import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export interface ProgramWanted {
  /** As a person calls it, and as the file is called in PATH. */
  name: string;
  /** Environment variable that may hold another path. */
  pathVariable?: string;
  /** Other file names it goes by, looked for in order. */
  otherNames?: readonly string[];
  /** What a person types to get it. */
  install: string;
}

/**
 * Path of a program that is not ours, or `undefined` where it is absent: the suite is then to be skipped, and the reason and
 * the command to type are printed. Where `CI` is set a skip would hide a hole, so absence throws instead.
 */
export function requireProgram(wanted: ProgramWanted): string | undefined {
  const given = wanted.pathVariable === undefined ? undefined : process.env[wanted.pathVariable];
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = [wanted.name, ...(wanted.otherNames ?? [])];
  const candidates =
    given === undefined || given === ""
      ? names.flatMap((name) => folders.map((folder) => join(folder, name)))
      : [given];
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  const why =
    given === undefined || given === "" ? "is not installed" : `is not at ${given}, where ${wanted.pathVariable} says`;
  const message = `${wanted.name} ${why}: to run these tests, type \`${wanted.install}\`.`;
  if (isCi(process.env["CI"])) throw new Error(`${message} In CI nothing is skipped.`);
  process.stderr.write(`\nSkipped: ${message}\n`);
  return undefined;
}

const isCi = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "false" && value !== "0";

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
