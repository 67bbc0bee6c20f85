import { afterAll, beforeAll } from "vitest";
import type { ColumnCodec } from "../../src/duties/columns/column-codec.ts";
import { Secret } from "../../src/fleet/secret.ts";
import {
  openPostgresStore,
  type PostgresOptions,
  type PostgresStore,
} from "../../src/store/postgres/open-postgres-store.ts";
import type { StoreUnderTest } from "../../src/store/store.contract.ts";
import { auditHash } from "../../src/store/stores-under-test.ts";
import { askPostgres } from "./ask-postgres.ts";
import { findPostgres, startPostgres, type TestPostgres } from "./postgres.ts";

/**
 * URL of a database on a server for the file that calls this, while its tests run. Its text is ordered by a language, as most databases'
 * is. `undefined` where there is no server: the reason was printed.
 */
export function postgresForSuite(): (() => string) | undefined {
  const bin = findPostgres();
  if (bin === undefined) return undefined;
  let server: TestPostgres | undefined;
  beforeAll(async () => {
    server = await startPostgres(bin);
    await askPostgres(
      server.url,
      "CREATE DATABASE slotkeeper TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'",
    );
  }, 60_000);
  afterAll(() => server?.stop());
  return () => {
    if (server) return server.url.replace(/postgres$/, "slotkeeper");
    throw new Error("the server runs only while tests do");
  };
}

/** The store on PostgreSQL, for the contract suites: none where no server can be started. */
export function postgresUnderTest(codec: ColumnCodec = {} as ColumnCodec): readonly StoreUnderTest[] {
  const url = postgresForSuite();
  if (!url) return [];
  return [
    {
      name: "PostgreSQL",
      isDurable: true,
      async open() {
        const store = await openOn(url(), { holder: "the suite" }, codec);
        await store.leader.acquire();
        return store;
      },
      clear: () => clearPostgres(url()),
    },
  ];
}

export function secretUrl(url: string): Secret {
  return new Secret(url, "env SLOTKEEPER_DATABASE_URL");
}

export function openOn(
  url: string,
  options: PostgresOptions,
  codec: ColumnCodec = {} as ColumnCodec,
): Promise<PostgresStore> {
  return openPostgresStore(secretUrl(url), auditHash, codec, options);
}

export async function clearPostgres(url: string): Promise<void> {
  await askPostgres(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}
