import { open, stat } from "node:fs/promises";
import { Agent } from "undici";
import { queryPostgres } from "../fleet/sources/query-postgres.ts";
import type { SourceIo } from "../fleet/sources/source-io.ts";
import type { Clock } from "../lib/clock.ts";
import { boundedGet } from "../signals/bounded-get.ts";

/** What sources of validators are read with: the file system, HTTP connections of their own, PostgreSQL. */
export function createFleetIo(clock: Clock): { io: SourceIo; close(): Promise<void> } {
  // Undici's timeouts are a back-stop: whoever asks brings the deadline.
  const dispatcher = new Agent({ connections: 2, connectTimeout: 5_000, headersTimeout: 45_000, bodyTimeout: 45_000 });
  return {
    io: {
      readText,
      stampOf,
      get: (url, options) => boundedGet(url, { ...options, dispatcher, clock }),
      query: queryPostgres,
    },
    close: () => dispatcher.destroy(),
  };
}

/** Asks for a regular file first: a pipe or device might never end. */
async function readText(path: string, maxBytes: number, signal: AbortSignal): Promise<string> {
  if (!(await stat(path)).isFile()) throw withCode("not a regular file", "EISDIR");
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw withCode("too large", "EFBIG");
    const bytes = await file.readFile({ signal });
    if (bytes.length > maxBytes) throw withCode("too large", "EFBIG");
    return bytes.toString("utf8");
  } finally {
    await file.close();
  }
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Changes whenever the file does, and when another takes its place; symbolic links are followed. */
async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch {
    return "missing";
  }
}
