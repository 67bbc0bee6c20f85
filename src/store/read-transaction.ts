import type { Kysely, TransactionBuilder } from "kysely";

/** For reads of several statements that have to fit together: on PostgreSQL all see the same instant, and no write waits for them. */
export function readTransaction<T>(db: Kysely<T>): TransactionBuilder<T> {
  return db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only");
}
