import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Messages on their way to people, one row per recipient. */
export const outbox: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("outbox")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("recipient", "text", (c) => c.notNull())
      .addColumn("channel", "text", (c) => c.notNull())
      .addColumn("address", "text", (c) => c.notNull())
      .addColumn("groupKey", "text", (c) => c.notNull())
      .addColumn("streamKey", "text", (c) => c.notNull())
      .addColumn("lane", "text", (c) => c.notNull())
      .addColumn("seq", "bigint", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("dedupKey", "text", (c) => c.notNull().unique())
      .addColumn("body", "text", (c) => c.notNull())
      .addColumn("fallbacks", "text", (c) => c.notNull())
      .addColumn("priority", "bigint", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("attempt", "bigint", (c) => c.notNull())
      .addColumn("failures", "bigint", (c) => c.notNull())
      .addColumn("mayHaveArrived", "bigint", (c) => c.notNull())
      .addColumn("leaseToken", "text")
      .addColumn("leaseUntil", "bigint")
      .addColumn("nextAttemptAt", "bigint", (c) => c.notNull())
      .addColumn("providerMessageId", "text")
      .addColumn("errorClass", "text")
      .addColumn("reason", "text")
      .addColumn("detail", "text")
      .addColumn("fallbackOf", "text")
      .addColumn("createdAt", "bigint", (c) => c.notNull())
      .addColumn("sentAt", "bigint")
      .addColumn("endedAt", "bigint")
      .addUniqueConstraint("outboxStream", ["streamKey", "seq"])
      .execute();
    // Small however many messages are kept: claims read nothing else.
    await db.schema
      .createIndex("outboxUnfinished")
      .on("outbox")
      .columns(["streamKey", "seq"])
      .where(sql.ref("state"), "in", sql`('pending', 'sending')`)
      .execute();
    await db.schema.createIndex("outboxByState").on("outbox").columns(["state", "nextAttemptAt"]).execute();
    await db.schema.createIndex("outboxByFallback").on("outbox").column("fallbackOf").execute();
    await db.schema.createIndex("outboxByCreation").on("outbox").columns(["createdAt", "id"]).execute();
    await db.schema.createIndex("outboxByEnd").on("outbox").column("endedAt").execute();
  },
};
