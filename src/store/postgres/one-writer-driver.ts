import {
  RawNode,
  SelectQueryNode,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import type { Pool } from "pg";
import { openSession, type Session } from "./session.ts";

export interface OneWriterParts {
  readers: Pool;
  /** Of one connection: what is written is written one after the other, as on SQLite. */
  writer: Pool;
  /** Called in each transaction that may write, as it begins; what it throws undoes the transaction. */
  fence: (session: Session) => Promise<void>;
  explain: (error: unknown) => Error;
}

/**
 * Sends reads to one pool and writes to another of one connection. A transaction is a write unless it says `read only`; a statement that
 * writes outside of one becomes one of its own, so that nothing is written past the fence. Raw SQL is a write unless it begins with SELECT.
 */
export function oneWriterDriver(parts: OneWriterParts): Driver {
  const routed = (connection: DatabaseConnection): RoutedConnection => {
    if (connection instanceof RoutedConnection) return connection;
    throw new TypeError("a connection of another driver");
  };
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(new RoutedConnection(parts)),
    async beginTransaction(connection, settings) {
      await routed(connection).begin(settings);
    },
    commitTransaction: (connection) => routed(connection).commit(),
    rollbackTransaction: (connection) => routed(connection).rollback(),
    releaseConnection: (connection) => Promise.resolve(routed(connection).release()),
    async destroy() {
      await Promise.all([parts.readers.end(), parts.writer.end()]);
    },
  };
}

class RoutedConnection implements DatabaseConnection {
  readonly #parts: OneWriterParts;
  /** While a transaction runs. */
  #session: Session | undefined;

  constructor(parts: OneWriterParts) {
    this.#parts = parts;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { sql, parameters } = query;
    if (this.#session) return this.#session.run<R>(sql, parameters);
    const session = writes(query) ? await this.begin({}) : await openSession(this.#parts.readers, this.#parts.explain);
    try {
      const result = await session.run<R>(sql, parameters);
      if (this.#session) await this.commit();
      return result;
    } catch (error) {
      if (this.#session) await this.rollback();
      throw error;
    } finally {
      if (this.#session) this.release();
      else session.release();
    }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TypeError("no statement is streamed: read page by page");
  }

  async begin({ accessMode, isolationLevel }: TransactionSettings): Promise<Session> {
    const { readers, writer, explain, fence } = this.#parts;
    const mayWrite = accessMode !== "read only";
    const session = await openSession(mayWrite ? writer : readers, explain);
    this.#session = session;
    try {
      const level = isolationLevel === undefined ? "" : ` isolation level ${isolationLevel}`;
      await session.run(`start transaction${level} ${mayWrite ? "read write" : "read only"}`);
      if (mayWrite) await fence(session);
      return session;
    } catch (error) {
      await this.rollback();
      this.release();
      throw error;
    }
  }

  async commit(): Promise<void> {
    await this.#session?.run("commit");
  }

  /** Where even this fails the connection is closed, which undoes as well; what went wrong before it is the news. */
  async rollback(): Promise<void> {
    try {
      await this.#session?.run("rollback");
    } catch {
      this.#session?.release(true);
      this.#session = undefined;
    }
  }

  release(): void {
    this.#session?.release();
    this.#session = undefined;
  }
}

function writes({ query, sql }: CompiledQuery): boolean {
  if (RawNode.is(query)) return !/^\s*select\b/i.test(sql);
  return !SelectQueryNode.is(query);
}
