import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ColumnCodec } from "../duties/columns/column-codec.ts";
import type { StoreUnderTest } from "./store.contract.ts";
import { openSqliteStore, type AuditHash } from "./store.ts";

/** Stands in for the one of `access`, which a store may not import. */
export const auditHash: AuditHash = (previousHash, id, event) =>
  `hash of ${id} ${event.target} after ${previousHash}`.slice(0, 64);

/** Every implementation that needs no server, for the contract suites; `test/support/postgres-store.ts` has the other. `codec`: the one of `duties`, or none for suites that save no epochs. */
export function storesUnderTest(codec: ColumnCodec = {} as ColumnCodec): readonly StoreUnderTest[] {
  return [sqliteFile(codec), sqliteMemory(codec)];
}

function sqliteFile(codec: ColumnCodec): StoreUnderTest {
  let folder: string | undefined;
  return {
    name: "SQLite file",
    isDurable: true,
    open: () => {
      folder ??= mkdtempSync(join(tmpdir(), "sk-store-"));
      return openSqliteStore(join(folder, "slotkeeper.db"), auditHash, codec);
    },
    clear: () => {
      if (folder) rmSync(folder, { recursive: true });
      folder = undefined;
      return Promise.resolve();
    },
  };
}

function sqliteMemory(codec: ColumnCodec): StoreUnderTest {
  return {
    name: "SQLite in memory",
    isDurable: false,
    open: () => openSqliteStore(":memory:", auditHash, codec),
    clear: () => Promise.resolve(),
  };
}
