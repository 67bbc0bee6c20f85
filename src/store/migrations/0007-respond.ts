import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Alarms, incidents and who was told: documents by kind and key, changes of alerts, timelines. */
export const respond: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("respondRows")
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("key", "text", (c) => c.notNull())
      .addColumn("doc", "text", (c) => c.notNull())
      .addColumn("isOpen", "bigint", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addPrimaryKeyConstraint("respondRowsKey", ["kind", "key"])
      .execute();
    await db.schema.createIndex("respondRowsByAt").on("respondRows").columns(["kind", "isOpen", "at"]).execute();
    await db.schema
      .createTable("alertEvents")
      .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
      .addColumn("fingerprint", "text", (c) => c.notNull())
      .addColumn("alert", "text", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("doc", "text", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("alertEventsByAt").on("alertEvents").column("at").execute();
    await db.schema.createIndex("alertEventsByAlert").on("alertEvents").columns(["alert", "id"]).execute();
    await db.schema
      .createTable("timeline")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("reference", "text", (c) => c.notNull())
      .addColumn("at", "bigint", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("author", "text", (c) => c.notNull())
      .addColumn("text", "text", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("timelineByIncident").on("timeline").columns(["reference", "at"]).execute();
  },
};
