import { PostgresAdapter, sql, type Kysely } from "kysely";

/** The database itself refuses to change or delete rows of the table. */
export async function makeAppendOnly(db: Kysely<unknown>, table: string): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);
  const message = `${table} is append-only`;
  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    await run(
      `CREATE FUNCTION "${table}AppendOnly"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${message}'; END $$`,
    );
    await run(
      `CREATE TRIGGER "${table}AppendOnly" BEFORE UPDATE OR DELETE OR TRUNCATE ON "${table}" FOR EACH STATEMENT EXECUTE FUNCTION "${table}AppendOnly"()`,
    );
    return;
  }
  for (const verb of ["UPDATE", "DELETE"])
    await run(
      `CREATE TRIGGER "${table}No${verb}" BEFORE ${verb} ON ${table} BEGIN SELECT RAISE(ABORT, '${message}'); END`,
    );
}
