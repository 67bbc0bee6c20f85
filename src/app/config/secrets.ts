import { resolve } from "node:path";
import type { SecretRef } from "../../fleet/config-values.ts";
import { Secret } from "../../fleet/secret.ts";
import type { ConfigPath, ConfigProblem, Finding } from "./problem.ts";
import { readFailure } from "../../lib/read-failure.ts";

export type Env = Readonly<Record<string, string | undefined>>;
/** Reads a file as UTF-8 text; rejects as `fs.readFile` does. */
export type ReadFile = (path: string) => Promise<string>;

/** Where secrets are read from, and what went wrong or was read on the way. */
export interface SecretSource {
  folder: string;
  env: Env;
  readFile: ReadFile;
  findings: Finding[];
  /** In other files that the configuration names. */
  problems: ConfigProblem[];
  /** Absolute paths of the files that were asked for. */
  files: string[];
}

/** The secret, or `undefined` with a finding. Secrets are one line: a line break would end a header. */
export async function readSecret(ref: SecretRef, path: ConfigPath, source: SecretSource): Promise<Secret | undefined> {
  const origin = ref.kind === "env" ? `env ${ref.name}` : `file ${ref.path}`;
  const text = ref.kind === "env" ? fromEnv(ref.name, path, source) : await fromFile(ref.path, path, source);
  if (text === undefined) return undefined;
  if (/^[\x20-\x7e]+$/.test(text)) return new Secret(text, origin);
  const fix = "Store it as one line of plain ASCII characters.";
  source.findings.push({
    path,
    code: "bad-secret-value",
    message: `the secret from ${origin} holds a line break or a character that may not be sent`,
    fix,
  });
  return undefined;
}

function fromEnv(name: string, path: ConfigPath, source: SecretSource): string | undefined {
  const text = source.env[name]?.trim();
  if (text) return text;
  const state = source.env[name] === undefined ? "not set" : "empty";
  const fix = `Set it for the Slotkeeper process, for example: export ${name}=…`;
  source.findings.push({ path, code: "missing-env", message: `the environment variable ${name} is ${state}`, fix });
  return undefined;
}

async function fromFile(file: string, path: ConfigPath, source: SecretSource): Promise<string | undefined> {
  const absolute = resolve(source.folder, file);
  source.files.push(absolute);
  const missing = (message: string, fix: string) =>
    void source.findings.push({ path, code: "missing-file", message, fix });
  try {
    const text = (await source.readFile(absolute)).trim();
    if (text) return text;
    missing(`the secret file ${absolute} is empty`, "Write the secret into it.");
  } catch (error) {
    missing(
      `the secret file ${absolute} cannot be read: ${readFailure(error)}`,
      "Check its path, and that the Slotkeeper user may read it.",
    );
  }
  return undefined;
}
