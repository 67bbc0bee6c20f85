import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What drills showed: columns for what is searched and compared, the rest of the record as JSON. */
export const drills: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("drills")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("gateway", "text", (c) => c.notNull())
      .addColumn("groupName", "text", (c) => c.notNull())
      .addColumn("node", "text", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("askedBy", "text", (c) => c.notNull())
      .addColumn("askedAt", "bigint", (c) => c.notNull())
      .addColumn("startedAt", "bigint", (c) => c.notNull())
      .addColumn("liftedAt", "bigint", (c) => c.notNull())
      .addColumn("endedAt", "bigint", (c) => c.notNull())
      .addColumn("outcome", "text", (c) => c.notNull())
      .addColumn("detectMs", "bigint")
      .addColumn("switchMs", "bigint")
      .addColumn("affected", "bigint", (c) => c.notNull())
      .addColumn("failed", "bigint", (c) => c.notNull())
      .addColumn("details", "text", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("drillsByStart").on("drills").column("startedAt").execute();
  },
};
