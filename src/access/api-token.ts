import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { AppError } from "../lib/app-error.ts";

const minTokenLength = 16;

export interface ApiToken {
  token: string;
  /** The file that holds it; `undefined` when the config set it. */
  path: string | undefined;
  isNew: boolean;
}

export function apiTokenPath(dataFolder: string): string {
  return join(dataFolder, "api-token");
}

/**
 * The token for what changes something: the configured one, else the one in the data folder (mode 0600), made at the first
 * start. Throws `AppError` `api-token` when it is too short or the file cannot be read or written.
 */
export function openApiToken(dataFolder: string, configured: string | undefined): ApiToken {
  if (configured !== undefined) return { token: checked(configured, "server.apiToken"), path: undefined, isNew: false };
  const path = apiTokenPath(dataFolder);
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    // Exclusive creation: of two that start together, one writes and the other reads.
    const fd = openSync(path, "wx", 0o600);
    try {
      const token = randomBytes(24).toString("base64url");
      writeSync(fd, `${token}\n`);
      return { token, path, isNew: true };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST")
      throw new AppError(`make the API token in ${path}`, { code: "api-token", cause: error });
  }
  return { token: readApiToken(path), path, isNew: false };
}

/** Reads the token file and takes away what others could read of it. */
export function readApiToken(path: string): string {
  try {
    const token = readFileSync(path, "utf8").trim();
    chmodSync(path, 0o600);
    return checked(token, path);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(`read the API token from ${path}`, { code: "api-token", cause });
  }
}

function checked(token: string, where: string): string {
  if (token.length >= minTokenLength && /^\S+$/.test(token)) return token;
  throw new AppError(`use the API token of ${where}: it needs at least ${minTokenLength} characters and no spaces`, {
    code: "api-token",
  });
}
