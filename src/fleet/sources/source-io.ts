import type { Secret } from "../secret.ts";
import type { SourceError } from "./reading.ts";

/** Everything by which sources are read; passed in, so that tests read from memory. Nothing of it runs past its signal. */
export interface SourceIo {
  /** The file as UTF-8 text. Rejects as `fs.readFile` does, and with code `EFBIG` beyond `maxBytes`. */
  readText(path: string, maxBytes: number, signal: AbortSignal): Promise<string>;
  /** A text that changes when the file does; `missing` where there is none. Never rejects. */
  stampOf(path: string): Promise<string>;
  get: HttpGet;
  query: PostgresQuery;
}

/** One GET that never throws, never follows a redirect and never keeps more than `maxBytes`. */
export type HttpGet = (
  url: string,
  options: { headers: Readonly<Record<string, string>>; maxBytes: number; signal: AbortSignal },
) => Promise<{ ok: true; status: number; body: string } | { ok: false; kind: string; message: string }>;

/** One query that only reads. Each value is the text that PostgreSQL prints. Never rejects. */
export type PostgresQuery = (
  url: Secret,
  query: string,
  limits: { maxRows: number; maxBytes: number; timeoutMs: number },
  signal: AbortSignal,
) => Promise<
  | { ok: true; columns: readonly string[]; rows: readonly (readonly (string | null)[])[] }
  | { ok: false; error: SourceError }
>;
