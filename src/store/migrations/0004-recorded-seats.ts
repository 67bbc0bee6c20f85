import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Where the validator of an exception sat, by which it is proved once no node holds the state. */
export const recordedSeats: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable("dutyExceptions").addColumn("place", "bigint").execute();
    await db.schema.alterTable("dutyEpochs").addColumn("committeesPerSlot", "bigint").execute();
  },
};
