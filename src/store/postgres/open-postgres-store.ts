import {
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Dialect,
} from "kysely";
import type { Pool } from "pg";
import type { ColumnCodec } from "../../duties/columns/column-codec.ts";
import type { Secret } from "../../fleet/secret.ts";
import { AppError } from "../../lib/app-error.ts";
import { checkTerm, createLeader, createLeaderTable, withTableLock, type Leader } from "../leader.ts";
import { migrate, migrations } from "../migrate.ts";
import { storeOn, type AuditHash, type Store } from "../store.ts";
import type { Tables } from "../tables.ts";
import {
  defaultTimeouts,
  openPool,
  refuseUnfit,
  targetOf,
  type PostgresTimeouts,
  type ServerFacts,
} from "./connect.ts";
import { explainPostgres, type PostgresTarget } from "./explain-postgres.ts";
import { oneWriterDriver, type OneWriterParts } from "./one-writer-driver.ts";
import { PostgresSchemaPlugin } from "./schema-plugin.ts";
import { openSession, type Session } from "./session.ts";

/** A store that several monitors may open: one of them leads, and it alone can write. */
export interface PostgresStore extends Store {
  readonly leader: Leader;
}

export interface PostgresOptions {
  /** Names this process for people: "host-1 (process 4711)". */
  holder: string;
  /** How long a leader that says nothing stays the leader. */
  leaseMs?: number;
  timeouts?: PostgresTimeouts;
}

/** With tries every quarter of it another leads within 15 s after a leader died. */
export const defaultLeaseMs = 12_000;
const readConnections = 4;
/** A leader that cannot renew has to know long before its lease runs out. */
const leaderTimeouts: PostgresTimeouts = { connectMs: 3_000, statementMs: 3_000, idleInTransactionMs: 3_000 };
/** Migrating waits for another monitor that migrates, and may rewrite a table. */
const migrationMs = 3_600_000;

/**
 * Opens and migrates a PostgreSQL database (14 or newer); of connections it takes six at most. Nothing can be written before
 * `leader.acquire()` gave a term. Throws `AppError`: what `openSqliteStore` throws, and what `explainPostgres` and `refuseUnfit` name.
 */
export async function openPostgresStore(
  url: Secret,
  auditHash: AuditHash,
  columnCodec: ColumnCodec,
  { holder, leaseMs = defaultLeaseMs, timeouts = defaultTimeouts }: PostgresOptions,
): Promise<PostgresStore> {
  const target = targetOf(url);
  await prepare(url, timeouts, target);

  const explain = (error: unknown) => explainPostgres(error, "use the store", target);
  const pools = {
    readers: openPool(url, readConnections, timeouts),
    writer: openPool(url, 1, timeouts),
    leader: openPool(url, 1, leaderTimeouts),
  };
  const leader = createLeader({ ...{ holder, leaseMs }, use: (work) => withSession(pools.leader, explain, work) });
  const driver = { ...pools, fence: (session: Session) => checkTerm(session, leader.term), explain };
  const db = new Kysely<Tables>({ dialect: dialectOf(driver), plugins: [new PostgresSchemaPlugin()] });
  return {
    ...storeOn(db, auditHash, columnCodec),
    leader,
    async close() {
      // Where it cannot be told, the lease runs out by itself.
      await leader.release().catch(() => undefined);
      // Before anything was asked of it, Kysely does not end the pools.
      await db.destroy();
      for (const pool of Object.values(pools)) if (!pool.ended && !pool.ending) await pool.end();
    },
  };
}

/** Looks at the server and makes the tables, on connections of their own with time to wait. */
async function prepare(url: Secret, timeouts: PostgresTimeouts, target: PostgresTarget): Promise<void> {
  const explain = (error: unknown) => explainPostgres(error, "open the store", target);
  const pool = openPool(url, 2, { ...timeouts, statementMs: migrationMs, idleInTransactionMs: migrationMs });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [new PostgresSchemaPlugin()] });
  try {
    const facts = await withSession(pool, explain, readFacts);
    await migrate(db, migrations, refuseUnfit(facts, target));
    await withSession(pool, explain, (session) => withTableLock(session, () => createLeaderTable(session)));
  } catch (error) {
    // A step that failed for want of a right or of the server is told as that.
    const cause = error instanceof AppError && error.code === "store-migration" ? explain(error.cause) : undefined;
    throw cause instanceof AppError ? cause : explain(error);
  } finally {
    await pool.end();
  }
}

async function readFacts(session: Session): Promise<ServerFacts> {
  const { rows } = await session.run<ServerFacts>(
    `select current_setting('server_version_num')::int as "version", current_setting('server_encoding') as "encoding", pg_is_in_recovery() as "isReplica", current_schema() as "schema"`,
  );
  const [facts] = rows;
  if (!facts) throw new TypeError("a SELECT without FROM gives one row");
  return facts;
}

async function withSession<T>(
  pool: Pool,
  explain: (error: unknown) => Error,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(pool, explain);
  try {
    const result = await work(session);
    session.release();
    return result;
  } catch (error) {
    session.release(true);
    throw error;
  }
}

function dialectOf(parts: OneWriterParts): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => oneWriterDriver(parts),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
