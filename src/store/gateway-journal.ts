import type { Kysely, Selectable } from "kysely";
import type { GatewayJournal, JournaledTransition, LostSpan, RingCursor } from "../control/observed-gateway.ts";
import type { Transition } from "../upstream/types.ts";
import { toNumber } from "./codec.ts";
import type { Tables } from "./tables.ts";

const maxLostSpans = 200;

export function gatewayJournal(db: Kysely<Tables>): GatewayJournal {
  return {
    async cursor(gateway, stream) {
      const row = await db
        .selectFrom("ringCursors")
        .selectAll()
        .where("gateway", "=", gateway)
        .where("stream", "=", stream)
        .executeTakeFirst();
      return row && { startedAt: toNumber(row.startedAt), after: toNumber(row.afterSeq), readAt: toNumber(row.readAt) };
    },

    append: ({ gateway, items, lost, cursor }) =>
      db.transaction().execute(async (tx) => {
        const stored: JournaledTransition[] = [];
        for (const { seq, item } of items) {
          const row = await tx
            .insertInto("transitions")
            .values(rowOf(gateway, cursor.startedAt, seq, item))
            .onConflict((conflict) => conflict.columns(["gateway", "startedAt", "seq"]).doNothing())
            .returning("id")
            .executeTakeFirst();
          if (row) stored.push({ ...item, id: toNumber(row.id), gateway });
        }
        if (lost) await insertLost(tx, lost);
        await moveCursor(tx, gateway, "transitions", cursor);
        return stored;
      }),

    skipEvidence: (gateway, cursor, lost) =>
      db.transaction().execute(async (tx) => {
        if (lost) await insertLost(tx, lost);
        await moveCursor(tx, gateway, "evidence", cursor);
      }),

    async transitions({ gateway, group, node, before, limit }) {
      let query = db.selectFrom("transitions").selectAll().orderBy("id", "desc").limit(limit);
      if (gateway !== undefined) query = query.where("gateway", "=", gateway);
      if (group !== undefined) query = query.where("groupName", "=", group);
      if (node !== undefined) query = query.where("node", "=", node);
      if (before !== undefined) query = query.where("id", "<", before);
      return (await query.execute()).map(transitionOf);
    },

    async lostSpans(fromAt, toAt) {
      const rows = await db
        .selectFrom("ringGaps")
        .selectAll()
        .where("toAt", ">=", fromAt)
        .where("fromAt", "<=", toAt)
        .orderBy("id", "desc")
        .limit(maxLostSpans)
        .execute();
      return rows.map((row) => ({
        gateway: row.gateway,
        stream: row.stream as LostSpan["stream"],
        fromAt: toNumber(row.fromAt),
        toAt: toNumber(row.toAt),
        count: toNumber(row.lostCount),
      }));
    },
  };
}

function rowOf(gateway: string, startedAt: number, seq: number, item: Transition) {
  const { at, group, node, kind, from, to, reason, detail } = item;
  return {
    gateway,
    startedAt,
    seq,
    at,
    groupName: group,
    node: node ?? null,
    kind,
    fromState: from,
    toState: to,
    reason,
    detail,
  };
}

function transitionOf(row: Selectable<Tables["transitions"]>): JournaledTransition {
  return {
    id: toNumber(row.id),
    gateway: row.gateway,
    at: toNumber(row.at),
    group: row.groupName,
    ...(row.node === null ? {} : { node: row.node }),
    kind: row.kind as Transition["kind"],
    from: row.fromState,
    to: row.toState,
    // Codes of other versions are kept as they came; readers show unknown ones as plain text.
    reason: row.reason as Transition["reason"],
    detail: row.detail,
  };
}

async function insertLost(tx: Kysely<Tables>, { gateway, stream, fromAt, toAt, count }: LostSpan): Promise<void> {
  await tx.insertInto("ringGaps").values({ gateway, stream, fromAt, toAt, lostCount: count }).execute();
}

async function moveCursor(
  tx: Kysely<Tables>,
  gateway: string,
  stream: LostSpan["stream"],
  cursor: RingCursor,
): Promise<void> {
  const position = { startedAt: cursor.startedAt, afterSeq: cursor.after, readAt: cursor.readAt };
  await tx
    .insertInto("ringCursors")
    .values({ gateway, stream, ...position })
    .onConflict((conflict) => conflict.columns(["gateway", "stream"]).doUpdateSet(position))
    .execute();
}
