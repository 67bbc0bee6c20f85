import { Client, DatabaseError, type ClientConfig } from "pg";
import type { Secret } from "../secret.ts";
import { failedReading, type SourceError } from "./reading.ts";
import type { PostgresQuery } from "./source-io.ts";

const rowsPerFetch = 2_000;

interface Page {
  fields: readonly { name: string }[];
  rows: (string | null)[][];
}

/**
 * Runs one SELECT through a cursor in a read-only transaction, page by page, so that neither rows nor bytes pass their
 * bound in memory. The extended protocol refuses a second statement after a semicolon. Opens and closes its own connection.
 */
export const queryPostgres: PostgresQuery = async (url, query, limits, signal) => {
  const fail = (error: unknown) => ({ ok: false, error: errorOf(error, url, signal) }) as const;
  if (signal.aborted) return fail(new Error("timeout"));
  let client: Client;
  try {
    client = new Client(clientConfig(url, limits.timeoutMs));
  } catch (error) {
    return fail(error);
  }
  // A connection that breaks while nothing is asked is told by the next question; unheard, it would end the process.
  client.on("error", () => undefined);
  const stop = () => void client.end().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await client.connect();
    await client.query("BEGIN TRANSACTION READ ONLY");
    await client.query(cursorFor(query));
    const rows: (string | null)[][] = [];
    let bytes = 0;
    for (;;) {
      const page = (await client.query({
        text: `FETCH ${rowsPerFetch} FROM listed`,
        rowMode: "array",
      })) as unknown as Page;
      for (const row of page.rows) {
        rows.push(row);
        for (const value of row) bytes += value?.length ?? 0;
      }
      if (rows.length > limits.maxRows) return tooLarge(`more than ${limits.maxRows} rows`);
      if (bytes > limits.maxBytes) return tooLarge(`more than ${limits.maxBytes} bytes`);
      if (page.rows.length < rowsPerFetch) return { ok: true, columns: page.fields.map(({ name }) => name), rows };
    }
  } catch (error) {
    return fail(error);
  } finally {
    signal.removeEventListener("abort", stop);
    await client.end().catch(() => undefined);
  }
};

/** `queryMode` is not in the types of `pg`, but is what makes it use the extended protocol without parameters. */
function cursorFor(query: string): { text: string; queryMode: "extended" } {
  return { text: `DECLARE listed NO SCROLL CURSOR FOR ${query.replace(/;\s*$/, "")}`, queryMode: "extended" };
}

function clientConfig(url: Secret, timeoutMs: number): ClientConfig {
  return {
    connectionString: url.reveal(),
    application_name: "slotkeeper",
    connectionTimeoutMillis: Math.min(10_000, timeoutMs),
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs + 1_000,
    types: { getTypeParser: () => (text: unknown) => text },
  };
}

function tooLarge(message: string) {
  return { ok: false, error: failedReading("source-too-large", message).error } as const;
}

/** SQLSTATE classes: 28 is authorization, 57014 a statement that took too long, 08 and 57P the connection. */
function errorOf(error: unknown, url: Secret, signal: AbortSignal): SourceError {
  const message = withoutSecret(error instanceof Error ? error.message : String(error), url);
  if (error instanceof DatabaseError) {
    const state = error.code ?? "";
    const code = state.startsWith("28")
      ? "source-unauthorized"
      : state === "57014"
        ? "source-timeout"
        : /^(08|57P|53)/.test(state)
          ? "source-unreachable"
          : "source-query-failed";
    return { code, message };
  }
  if (signal.aborted || /timeout/i.test(message))
    return { code: "source-timeout", message: "no complete answer in time" };
  return { code: "source-unreachable", message: message || "the connection failed" };
}

function withoutSecret(message: string, url: Secret): string {
  const text = url.reveal();
  const password = URL.canParse(text) ? new URL(text).password : "";
  const plain = new URLSearchParams(`p=${password.replaceAll("+", "%2B").replaceAll("&", "%26")}`).get("p") ?? "";
  const hidden = [text, password, plain].filter((part) => part !== "");
  return hidden.reduce((shown, part) => shown.replaceAll(part, "***"), message).slice(0, 300);
}
