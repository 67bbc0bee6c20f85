import { Client, Pool, type ClientConfig } from "pg";
import { AppError } from "../../lib/app-error.ts";
import type { Secret } from "../../fleet/secret.ts";
import type { PostgresTarget } from "./explain-postgres.ts";

/** How long the server or the way to it may take, in ms. */
export interface PostgresTimeouts {
  /** For a new connection, and for one of the pool to come free. */
  connectMs: number;
  statementMs: number;
  /** After this a session that began a transaction and went silent is ended: its process hangs, or its host is gone. */
  idleInTransactionMs: number;
}

export const defaultTimeouts: PostgresTimeouts = {
  connectMs: 10_000,
  statementMs: 30_000,
  idleInTransactionMs: 10_000,
};

/** Debian 11 and every cloud have it; older ones get no fixes any more. */
const oldestMajor = 14;

/** A bounded pool; `max`: connections at most. A connection that breaks is dropped, and told by the next question. */
export function openPool(url: Secret, max: number, timeouts: PostgresTimeouts): Pool {
  const pool = new Pool({ ...clientConfig(url, timeouts), max, idleTimeoutMillis: 60_000 });
  // Unheard, the end of an idle or a busy connection would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

function clientConfig(url: Secret, timeouts: PostgresTimeouts): ClientConfig {
  return {
    connectionString: url.reveal(),
    application_name: "slotkeeper monitor",
    keepAlive: true,
    connectionTimeoutMillis: timeouts.connectMs,
    statement_timeout: timeouts.statementMs,
    lock_timeout: timeouts.statementMs,
    // For a server that is gone without a word.
    query_timeout: timeouts.statementMs + 2_000,
    idle_in_transaction_session_timeout: timeouts.idleInTransactionMs,
  };
}

/** Throws `AppError` `store-url` for a text that names no server. */
export function targetOf(url: Secret): PostgresTarget {
  try {
    const { user, host, port, database, password } = new Client({ connectionString: url.reveal() });
    const written = /^[^/]*\/\/[^@/]*?:([^@/]*)@/.exec(url.reveal())?.[1];
    const hidden = [url.reveal(), password, written].filter((text) => typeof text === "string" && text !== "");
    return { user: user ?? "", host, port, database: database ?? "", origin: url.origin, hidden: hidden as string[] };
  } catch {
    // Without the cause: it would show the URL.
    throw new AppError(
      `open the store: the database URL from ${url.origin} cannot be read. Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %-escapes for special characters.`,
      { code: "store-url" },
    );
  }
}

export interface ServerFacts {
  /** As `server_version_num`: 150012. */
  version: number;
  encoding: string;
  isReplica: boolean;
  /** New tables go there; `null` where no schema of the search path exists. */
  schema: string | null;
}

/** The schema to use. Throws `AppError` `store-too-old`, `store-encoding`, `store-read-only` or `store-forbidden`. */
export function refuseUnfit({ version, encoding, isReplica, schema }: ServerFacts, target: PostgresTarget): string {
  const at = `PostgreSQL at ${target.host}:${target.port}`;
  const refusal = (code: string, what: string, retryable = false) =>
    new AppError(`open the store: ${what}.`, { code, retryable });
  if (version < oldestMajor * 10_000)
    throw refusal(
      "store-too-old",
      `${at} has version ${Math.floor(version / 10_000)}; ${oldestMajor} is the oldest that is supported. Upgrade it, or name a newer server in ${target.origin}`,
    );
  if (encoding !== "UTF8")
    throw refusal(
      "store-encoding",
      `the database ${target.database} holds text as ${encoding}, not UTF8. Make a new one: createdb --encoding=UTF8 --template=template0 NAME`,
    );
  if (isReplica)
    throw refusal(
      "store-read-only",
      `${at} is a replica and takes no writes. Name the primary in ${target.origin}`,
      true,
    );
  if (schema === null)
    throw refusal(
      "store-forbidden",
      `no schema of ${target.user}'s search path exists in ${target.database}. Create one: CREATE SCHEMA public`,
    );
  return schema;
}
