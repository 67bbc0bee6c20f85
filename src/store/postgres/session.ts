import type { QueryResult } from "kysely";
import { DatabaseError, type Pool, type PoolClient } from "pg";

/** One connection of a pool, until it is released. Errors come explained. */
export interface Session {
  run<R>(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<R>>;
  /** Gives it back; one that broke, or in whose state nobody can trust, is closed. */
  release(isBroken?: boolean): void;
}

const counted = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

export async function openSession(pool: Pool, explain: (error: unknown) => Error): Promise<Session> {
  let client: PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw explain(error);
  }
  let hasBroken = false;
  return {
    async run<R>(sql: string, parameters: readonly unknown[] = []) {
      try {
        const { command, rowCount, rows } = await client.query<R & object>(sql, parameters.map(storable));
        return { rows: rows ?? [], ...(counted.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) };
      } catch (error) {
        // Without an answer of the server, one may still be on its way; and after a FATAL one it has closed the connection.
        if (!(error instanceof DatabaseError) || error.severity === "FATAL") hasBroken = true;
        throw explain(error);
      }
    },
    release: (isBroken = false) => client.release(hasBroken || isBroken),
  };
}

/** PostgreSQL's text holds no NUL, and what nodes and people say may: it becomes U+FFFD, as other bytes that are no text do. */
function storable(value: unknown): unknown {
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value;
}
