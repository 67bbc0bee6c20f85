import { AppError } from "../lib/app-error.ts";
import type { Session } from "./postgres/session.ts";

/** Who judges, as the database has it. */
export interface LeaderRow {
  holder: string;
  term: number;
  /** By the database's clock; negative where the lease has run out. */
  leaseLeftMs: number;
}

/**
 * The one writer among several monitors on one PostgreSQL: a row with a term and a lease, by the database's clock alone. A
 * new leader is a new term; the old one's writes are then refused by the database, whatever that process believes.
 */
export interface Leader {
  /** The term that this process was given and has not lost, as far as it knows. */
  readonly term: number | undefined;
  /** Takes the lease where nobody has it or it has run out, and returns the term; `undefined` while another has it. */
  acquire(): Promise<number | undefined>;
  /** A new lease for the same term. False where another has taken over: the term is lost then. */
  renew(): Promise<boolean>;
  /** Lets go, so that the next one need not wait for the lease to run out. */
  release(): Promise<void>;
  /** Who leads now; `undefined` before there ever was one. */
  current(): Promise<LeaderRow | undefined>;
}

export interface LeaderParts {
  /** Runs one statement, or several as one transaction, on a connection that no write holds up. */
  use: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** Names this process for people: "host-1 (process 4711)". */
  holder: string;
  leaseMs: number;
}

/** Milliseconds since the epoch, moving on within a transaction, unlike now(). */
const databaseNow = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

/** Any number that nothing else locks with. */
const tableLock = 7_380_001;

/** Its term is part of a unique key: see `checkTerm`. Called once before anything else here. */
export async function createLeaderTable(session: Session): Promise<void> {
  await session.run(
    'create table if not exists "leader" ("name" text primary key, "holder" text not null, "term" bigint not null, "leaseUntil" bigint not null, unique ("name", "term"))',
  );
  await session.run(`insert into "leader" values ('monitor', '', 0, 0) on conflict do nothing`);
}

/** Several monitors may start at once, and `if not exists` alone does not keep two from making the same table. */
export async function withTableLock(session: Session, make: () => Promise<void>): Promise<void> {
  await session.run("start transaction");
  await session.run(`select pg_advisory_xact_lock(${tableLock})`);
  await make();
  await session.run("commit");
}

/**
 * Throws `AppError` `store-not-leader` unless the term still holds; until the transaction ends nobody can take over. Renewals go on beside
 * it: they change no key, so that FOR KEY SHARE lets them (PostgreSQL's manual, 13.3.2).
 */
export async function checkTerm(session: Session, term: number | undefined): Promise<void> {
  if (term !== undefined) {
    const { rows } = await session.run(
      `select 1 from "leader" where "name" = 'monitor' and "term" = $1 and "leaseUntil" > ${databaseNow} for key share`,
      [term],
    );
    if (rows.length > 0) return;
  }
  throw new AppError(
    "write to the store: another monitor leads, and this one only answers reads. Ask that one, or stop it: this one takes over.",
    { code: "store-not-leader", retryable: true },
  );
}

export function createLeader({ use, holder, leaseMs }: LeaderParts): Leader {
  let term: number | undefined;
  const until = `${databaseNow} + ${Math.round(leaseMs)}`;
  const run = <R>(sql: string, parameters: readonly unknown[]) =>
    use(async (session) => (await session.run<R>(sql, parameters)).rows[0]);
  return {
    get term() {
      return term;
    },
    async acquire() {
      const row = await run<{ term: string }>(
        `update "leader" set "holder" = $1, "term" = "term" + 1, "leaseUntil" = ${until} where "name" = 'monitor' and "leaseUntil" <= ${databaseNow} returning "term"`,
        [holder],
      );
      term = row && Number(row.term);
      return term;
    },
    async renew() {
      if (term === undefined) return false;
      const row = await run(
        `update "leader" set "leaseUntil" = ${until} where "name" = 'monitor' and "term" = $1 returning "term"`,
        [term],
      );
      if (!row) term = undefined;
      return row !== undefined;
    },
    async release() {
      const own = term;
      term = undefined;
      if (own !== undefined)
        await run(`update "leader" set "leaseUntil" = 0 where "name" = 'monitor' and "term" = $1`, [own]);
    },
    async current() {
      const row = await run<{ holder: string; term: string; left: string }>(
        `select "holder", "term", "leaseUntil" - ${databaseNow} as "left" from "leader" where "name" = 'monitor' and "term" > $1`,
        [0],
      );
      return row && { holder: row.holder, term: Number(row.term), leaseLeftMs: Number(row.left) };
    },
  };
}
