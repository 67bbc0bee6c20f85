import { Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { migrate, migrations } from "./migrate.ts";
import { openSqliteFile } from "./node-sqlite.ts";
import type { Tables } from "./tables.ts";

test("migrations are numbered without holes, so that their order is their name's", () => {
  const names = Object.keys(migrations);
  expect(names.map((name) => Number(/^(\d{4})-[a-z-]+$/.exec(name)?.[1]))).toEqual(names.map((_, index) => index + 1));
});

test("a step that fails leaves nothing of itself and names itself", async () => {
  const db = new Kysely<Tables>({ dialect: openSqliteFile(":memory:").dialect });
  const broken = {
    async up(on: Kysely<unknown>) {
      await sql`CREATE TABLE half_done (x integer)`.execute(on);
      await sql`SELECT nonsense`.execute(on);
    },
  };
  await expect(migrate(db, { ...migrations, "9998-broken": broken })).rejects.toThrow(/9998-broken/);
  const tables = (await db.introspection.getTables()).map(({ name }) => name);
  expect(tables).not.toContain("half_done");
  await db.destroy();
});
