import type { Kysely, Selectable } from "kysely";
import type { EntryKind } from "../incidents/types.ts";
import type {
  AlertEvent,
  AlertEventQuery,
  RespondCommit,
  RespondRow,
  RespondStore,
  RowKind,
  RowQuery,
} from "../respond/types.ts";
import { toNumber } from "./codec.ts";
import { enqueueMessages, type OutboxParts } from "./outbox/enqueue-messages.ts";
import type { Tables } from "./tables.ts";

/** Kinds that stay for ever once they are over. */
const keptKinds: readonly RowKind[] = ["incident", "counter"];

/** See `RespondStore`. Messages go to the outbox in the same transaction. */
export function respondStore(db: Kysely<Tables>, parts: OutboxParts): RespondStore {
  return {
    async load() {
      const rows = await db.selectFrom("respondRows").selectAll().where("isOpen", "=", 1).orderBy("key").execute();
      return rows.map(rowOf);
    },
    commit: (changes, now) => db.transaction().execute((tx) => commit(tx, parts, changes, now)),
    rows: (kind, query) => findRows(db, kind, query),
    async row(kind, key) {
      const query = db.selectFrom("respondRows").selectAll().where("kind", "=", kind).where("key", "=", key);
      const row = await query.executeTakeFirst();
      return row && rowOf(row);
    },
    async timeline(reference) {
      const query = db.selectFrom("timeline").selectAll().where("reference", "=", reference);
      const rows = await query.orderBy("at").orderBy("id").execute();
      return rows.map((row) => ({ ...row, at: toNumber(row.at), kind: row.kind as EntryKind }));
    },
    events: (query) => findEvents(db, query),
    async firedSince(fromAt) {
      const rows = await db
        .selectFrom("alertEvents")
        .select(({ fn }) => ["alert", fn.countAll().as("count")])
        .where("kind", "=", "firing")
        .where("at", ">=", fromAt)
        .groupBy("alert")
        .execute();
      return new Map(rows.map(({ alert, count }) => [alert, toNumber(count)]));
    },
    async expire(before) {
      await db.deleteFrom("alertEvents").where("at", "<", before).execute();
      await db
        .deleteFrom("respondRows")
        .where("isOpen", "=", 0)
        .where("at", "<", before)
        .where("kind", "not in", keptKinds)
        .execute();
    },
  };
}

/** State first, what is said of it last: it is one transaction all the same. */
async function commit(tx: Kysely<Tables>, parts: OutboxParts, changes: RespondCommit, now: number): Promise<void> {
  for (const { kind, key } of changes.remove)
    await tx.deleteFrom("respondRows").where("kind", "=", kind).where("key", "=", key).execute();
  for (const { kind, key, doc, isOpen, at } of changes.put) {
    const values = { doc, isOpen: Number(isOpen), at };
    await tx
      .insertInto("respondRows")
      .values({ kind, key, ...values })
      .onConflict((conflict) => conflict.columns(["kind", "key"]).doUpdateSet(values))
      .execute();
  }
  for (const event of changes.events) {
    const { fingerprint, alert, kind, at } = event;
    await tx
      .insertInto("alertEvents")
      .values({ fingerprint, alert, kind, at, doc: JSON.stringify(event) })
      .execute();
  }
  for (const entry of changes.entries)
    await tx
      .insertInto("timeline")
      .values(entry)
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
  await enqueueMessages(tx, parts, changes.messages, now);
}

async function findRows(db: Kysely<Tables>, kind: RowKind, query: RowQuery): Promise<RespondRow[]> {
  let found = db.selectFrom("respondRows").selectAll().where("kind", "=", kind).orderBy("at", "desc");
  if (query.isOpen !== undefined) found = found.where("isOpen", "=", Number(query.isOpen));
  if (query.before !== undefined) found = found.where("at", "<", query.before);
  const rows = await found.orderBy("key", "desc").limit(Math.max(0, query.limit)).execute();
  return rows.map(rowOf);
}

async function findEvents(db: Kysely<Tables>, query: AlertEventQuery): Promise<(AlertEvent & { id: number })[]> {
  let found = db.selectFrom("alertEvents").select(["id", "doc"]).orderBy("id", "desc");
  if (query.fingerprint !== undefined) found = found.where("fingerprint", "=", query.fingerprint);
  if (query.alert !== undefined) found = found.where("alert", "=", query.alert);
  if (query.before !== undefined) found = found.where("id", "<", query.before);
  if (query.fromAt !== undefined) found = found.where("at", ">=", query.fromAt);
  const rows = await found.limit(Math.max(0, query.limit)).execute();
  return rows.map(({ id, doc }) => ({ ...(JSON.parse(doc) as AlertEvent), id: toNumber(id) }));
}

function rowOf({ kind, key, doc, isOpen, at }: Selectable<Tables["respondRows"]>): RespondRow {
  return { kind: kind as RowKind, key, doc, isOpen: toNumber(isOpen) === 1, at: toNumber(at) };
}
