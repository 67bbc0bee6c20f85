import { sql, SqliteAdapter, type ExpressionBuilder, type Kysely } from "kysely";
import type { OutboxQuery, OutboxStore } from "../../outbox/ports.ts";
import type { MessageState, OutboxMessage } from "../../outbox/types.ts";
import { toNumber, type StoredInteger } from "../codec.ts";
import type { Tables } from "../tables.ts";
import { claimMessages } from "./claim-messages.ts";
import { enqueueMessages, type OutboxParts } from "./enqueue-messages.ts";
import { finishMessage } from "./finish-message.ts";
import { messageOf } from "./message-row.ts";

/** See `OutboxStore`. */
export function outboxStore(db: Kysely<Tables>, parts: OutboxParts): OutboxStore {
  return {
    now: () => databaseNow(db),
    enqueue: (messages, now) => db.transaction().execute((tx) => enqueueMessages(tx, parts, messages, now)),
    claim: (request) => db.transaction().execute((tx) => claimMessages(tx, request, parts.newId())),
    finish: (id, leaseToken, outcome, now) =>
      db.transaction().execute((tx) => finishMessage(tx, parts, id, leaseToken, outcome, now)),
    nextDueAt: (now) => nextDueAt(db, now),
    settle: (id, verdict, now) => settle(db, id, verdict, now),
    counts: () => counts(db),
    oldestUnfinishedAt: () => oldestUnfinishedAt(db),
    find: (query) => find(db, query),
    expire: (endedBefore, limit) => expire(db, endedBefore, limit),
  };
}

async function databaseNow(db: Kysely<Tables>): Promise<number> {
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  const clock = isSqlite
    ? sql<StoredInteger>`CAST(unixepoch('subsec') * 1000 AS INTEGER)`
    : sql<StoredInteger>`CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)`;
  const { rows } = await sql<{ now: StoredInteger }>`SELECT ${clock} AS now`.execute(db);
  return toNumber(rows[0]?.now ?? 0);
}

async function nextDueAt(db: Kysely<Tables>, now: number): Promise<number | undefined> {
  const earliest = (state: MessageState, column: "nextAttemptAt" | "leaseUntil") =>
    db
      .selectFrom("outbox")
      .select(column)
      .where("state", "=", state)
      .where(column, ">", now)
      .orderBy(column)
      .limit(1)
      .executeTakeFirst();
  const waits = (await earliest("pending", "nextAttemptAt"))?.nextAttemptAt;
  const lease = (await earliest("sending", "leaseUntil"))?.leaseUntil;
  const instants = [waits, lease].filter((at) => at !== undefined && at !== null).map(toNumber);
  return instants.length === 0 ? undefined : Math.min(...instants);
}

async function settle(
  db: Kysely<Tables>,
  id: string,
  verdict: "arrived" | "send-again",
  now: number,
): Promise<boolean> {
  const changes =
    verdict === "arrived"
      ? ({ state: "sent", reason: "settled-by-person", sentAt: now, endedAt: now } as const)
      : ({
          ...{ state: "pending", reason: "sent-again-by-person", nextAttemptAt: now, endedAt: null },
          // A person has looked: what is not there is sent like new.
          ...{ failures: 0, attempt: 0, mayHaveArrived: 0 },
        } as const);
  let update = db.updateTable("outbox").set(changes).where("id", "=", id).where("state", "in", ["held", "failed"]);
  if (verdict === "send-again") update = update.where((eb) => eb.not(isEnded(eb)));
  const { numUpdatedRows } = await update.executeTakeFirstOrThrow();
  return toNumber(numUpdatedRows) > 0;
}

/** A later resolve of its stream is written: sent now, it would be told as news and never taken back. */
function isEnded({ exists, selectFrom }: ExpressionBuilder<Tables, "outbox">) {
  return exists(
    selectFrom("outbox as later")
      .select("later.id")
      .whereRef("later.streamKey", "=", "outbox.streamKey")
      .whereRef("later.seq", ">", "outbox.seq")
      .where("later.kind", "=", "resolve"),
  );
}

async function counts(db: Kysely<Tables>): Promise<Record<MessageState, number>> {
  const rows = await db
    .selectFrom("outbox")
    .select(({ fn }) => ["state", fn.countAll().as("messages")])
    .groupBy("state")
    .execute();
  const all: Record<MessageState, number> = { pending: 0, sending: 0, sent: 0, failed: 0, dropped: 0, held: 0 };
  for (const { state, messages } of rows) all[state as MessageState] = toNumber(messages);
  return all;
}

async function oldestUnfinishedAt(db: Kysely<Tables>): Promise<number | undefined> {
  const { at } = await db
    .selectFrom("outbox")
    .select(({ fn }) => fn.min("createdAt").as("at"))
    .where("state", "in", ["pending", "sending"])
    .executeTakeFirstOrThrow();
  // `min` of no rows is NULL, which the type does not say.
  const oldest = at as typeof at | null;
  return oldest === null ? undefined : toNumber(oldest);
}

async function find(db: Kysely<Tables>, query: OutboxQuery): Promise<OutboxMessage[]> {
  let found = db
    .selectFrom("outbox")
    .selectAll()
    .orderBy("createdAt", "desc")
    .orderBy("seq", "desc")
    .orderBy("id", "desc");
  for (const column of ["state", "recipient", "channel", "groupKey"] as const) {
    const value = query[column];
    if (value !== undefined) found = found.where(column, "=", value);
  }
  return (await found.limit(Math.max(0, query.limit)).execute()).map(messageOf);
}

async function expire(db: Kysely<Tables>, endedBefore: number, limit: number): Promise<number> {
  const old = db
    .selectFrom("outbox")
    .select("id")
    .where("endedAt", "<", endedBefore)
    .where("state", "not in", ["pending", "sending"])
    .where((eb) => eb.or([eb("kind", "not in", ["firing", "page"]), isEnded(eb)]))
    .orderBy("endedAt")
    .limit(limit);
  const rows = await db.deleteFrom("outbox").where("id", "in", old).returning("id").execute();
  return rows.length;
}
