import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Users, sessions, API tokens: secrets as hashes only. */
export const access: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("users")
      .addColumn("name", "text", (c) => c.primaryKey())
      .addColumn("role", "text", (c) => c.notNull())
      .addColumn("passwordHash", "text", (c) => c.notNull())
      .addColumn("createdAt", "bigint", (c) => c.notNull())
      .addColumn("passwordSetAt", "bigint", (c) => c.notNull())
      .addColumn("disabledAt", "bigint")
      .execute();
    await db.schema
      .createTable("sessions")
      .addColumn("hash", "text", (c) => c.primaryKey())
      .addColumn("userName", "text", (c) => c.notNull())
      .addColumn("createdAt", "bigint", (c) => c.notNull())
      .addColumn("lastSeenAt", "bigint", (c) => c.notNull())
      .addColumn("openedFrom", "text", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("sessionsByUser").on("sessions").column("userName").execute();
    await db.schema
      .createTable("apiTokens")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("hash", "text", (c) => c.notNull().unique())
      .addColumn("role", "text", (c) => c.notNull())
      .addColumn("createdBy", "text", (c) => c.notNull())
      .addColumn("createdAt", "bigint", (c) => c.notNull())
      .addColumn("expiresAt", "bigint")
      .addColumn("lastUsedAt", "bigint")
      .execute();
  },
};
