import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { makeAppendOnly } from "./make-append-only.ts";

/** Transitions and gaps from gateways, samples, audit, settings. */
export const foundation: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("transitions")
      .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
      .addColumn("gateway", "text", (c) => c.notNull())
      .addColumn("startedAt", "bigint", (c) => c.notNull())
      .addColumn("seq", "bigint", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("groupName", "text", (c) => c.notNull())
      .addColumn("node", "text")
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("fromState", "text", (c) => c.notNull())
      .addColumn("toState", "text", (c) => c.notNull())
      .addColumn("reason", "text", (c) => c.notNull())
      .addColumn("detail", "text", (c) => c.notNull())
      .addUniqueConstraint("transitionsOnce", ["gateway", "startedAt", "seq"])
      .execute();
    await db.schema.createIndex("transitionsByNode").on("transitions").columns(["node", "id"]).execute();
    await db.schema.createIndex("transitionsByAt").on("transitions").column("at").execute();
    await db.schema
      .createTable("ringGaps")
      .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
      .addColumn("gateway", "text", (c) => c.notNull())
      .addColumn("stream", "text", (c) => c.notNull())
      .addColumn("fromAt", "bigint", (c) => c.notNull())
      .addColumn("toAt", "bigint", (c) => c.notNull())
      .addColumn("lostCount", "bigint", (c) => c.notNull())
      .execute();
    await db.schema
      .createTable("ringCursors")
      .addColumn("gateway", "text", (c) => c.notNull())
      .addColumn("stream", "text", (c) => c.notNull())
      .addColumn("startedAt", "bigint", (c) => c.notNull())
      .addColumn("afterSeq", "bigint", (c) => c.notNull())
      .addColumn("readAt", "bigint", (c) => c.notNull())
      .addPrimaryKeyConstraint("ringCursorsKey", ["gateway", "stream"])
      .execute();
    await db.schema
      .createTable("history")
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("gateway", "text", (c) => c.notNull())
      .addColumn("groupName", "text", (c) => c.notNull())
      .addColumn("readyNodes", "integer", (c) => c.notNull())
      .addColumn("totalNodes", "integer", (c) => c.notNull())
      .addColumn("requestsPerSecond", "real", (c) => c.notNull())
      .addColumn("failedRequests", "bigint", (c) => c.notNull())
      .addColumn("headLagSlots", "bigint")
      .addColumn("finalityDistanceEpochs", "bigint")
      .addPrimaryKeyConstraint("historyKey", ["at", "gateway", "groupName"])
      .execute();
    await db.schema
      .createTable("audit")
      .addColumn("id", "integer", (c) => c.primaryKey())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("actor", "text", (c) => c.notNull())
      .addColumn("action", "text", (c) => c.notNull())
      .addColumn("target", "text", (c) => c.notNull())
      .addColumn("result", "text", (c) => c.notNull())
      .addColumn("previousHash", "text", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull())
      .execute();
    await makeAppendOnly(db, "audit");
    await db.schema
      .createTable("settings")
      .addColumn("name", "text", (c) => c.primaryKey())
      .addColumn("value", "text", (c) => c.notNull())
      .addColumn("updatedAt", "bigint", (c) => c.notNull())
      .execute();
  },
};
