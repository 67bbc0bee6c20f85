import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { SqliteAdapter, SqliteDialect, type SqliteDatabase } from "kysely";

/** Where the one SQLite connection lives; ":memory:" for tests. */
export interface SqliteFile {
  dialect: SqliteDialect;
  /** Copies the write-ahead log into the file; call when idle. */
  checkpoint(): void;
}

const maxStatements = 200;

/**
 * Opens a file for Kysely on Node's own SQLite. Statements run synchronously on one connection, so a Kysely transaction
 * runs from begin to commit without anything else of this process in between.
 */
export function openSqliteFile(path: string): SqliteFile {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  // FULL: what was acknowledged (audit, cursors) survives a power cut.
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -4096;",
  );
  return {
    dialect: new NodeSqliteDialect({ database: shim(database) }),
    checkpoint: () => database.exec("PRAGMA wal_checkpoint(PASSIVE)"),
  };
}

/** SQLite can create and alter tables inside a transaction; Kysely's own adapter leaves that off, and migrations half done. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): true {
    return true;
  }
}

class NodeSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter();
  }
}

/** The part of better-sqlite3's interface that Kysely needs. */
function shim(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, StatementSync>();
  function prepare(sql: string): StatementSync {
    let statement = statements.get(sql);
    if (!statement) {
      statement = database.prepare(sql);
      // Integers over 2^53 would throw otherwise; the codec decides what each column becomes.
      statement.setReadBigInts(true);
      if (statements.size >= maxStatements) statements.clear();
      statements.set(sql, statement);
    }
    return statement;
  }
  return {
    close: () => {
      statements.clear();
      database.close();
    },
    prepare(sql) {
      const statement = prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}
