import type { Kysely } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import { AppError } from "../lib/app-error.ts";
import { foundation } from "./migrations/0001-foundation.ts";
import { drills } from "./migrations/0002-drills.ts";
import { duties } from "./migrations/0003-duties.ts";
import { recordedSeats } from "./migrations/0004-recorded-seats.ts";
import { access } from "./migrations/0005-access.ts";
import { outbox } from "./migrations/0006-outbox.ts";
import { respond } from "./migrations/0007-respond.ts";
import type { Tables } from "./tables.ts";

/** In order of their numbers; one line per migration, never changed after a release. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-foundation": foundation,
  "0002-drills": drills,
  "0003-duties": duties,
  "0004-recorded-seats": recordedSeats,
  "0005-access": access,
  "0006-outbox": outbox,
  "0007-respond": respond,
};

/**
 * Brings the store to this version's schema. Throws `AppError` `store-newer` when a newer Slotkeeper wrote it, and
 * `store-migration` when a step fails (the store is then as before that step). `schema`: where a store that has several keeps its tables.
 */
export async function migrate(db: Kysely<Tables>, known = migrations, schema?: string): Promise<readonly string[]> {
  await refuseNewer(db, known, schema);
  const migrator = new Migrator({
    ...{ db, provider: { getMigrations: () => Promise.resolve({ ...known }) } },
    ...(schema !== undefined && { migrationTableSchema: schema }),
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results?.find(({ status }) => status === "Error")?.migrationName ?? "the schema";
    throw new AppError(
      `migrate the store (${failed}): nothing of that step was kept. Restore a backup or report this.`,
      { code: "store-migration", cause: error },
    );
  }
  return (results ?? []).map(({ migrationName }) => migrationName);
}

async function refuseNewer(
  db: Kysely<Tables>,
  known: Readonly<Record<string, Migration>>,
  schema: string | undefined,
): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const isOurs = (table: (typeof tables)[number]) => schema === undefined || table.schema === schema;
  if (!tables.some((table) => table.name === "kysely_migration" && isOurs(table))) return;
  const applied = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .orderBy("name", "desc")
    .execute();
  const unknown = applied.find(({ name }) => !(name in known));
  if (unknown)
    throw new AppError(
      `open the store: a newer Slotkeeper wrote it (it has ${unknown.name}). Run that version or newer, or restore a backup from before.`,
      { code: "store-newer" },
    );
}
