import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeContract, type StoreUnderTest } from "./store.contract.ts";
import { openSqliteStore, type AuditHash } from "./store.ts";

/** Stands in for the one of `access`, which a store may not import. */
const auditHash: AuditHash = (previousHash, id, event) =>
  `hash of ${id} ${event.target} after ${previousHash}`.slice(0, 64);

function sqliteFile(): StoreUnderTest {
  let folder: string | undefined;
  return {
    name: "SQLite file",
    isDurable: true,
    open: () => {
      folder ??= mkdtempSync(join(tmpdir(), "sk-store-"));
      return openSqliteStore(join(folder, "slotkeeper.db"), auditHash);
    },
    clear: () => {
      if (folder) rmSync(folder, { recursive: true });
      folder = undefined;
      return Promise.resolve();
    },
  };
}

const sqliteMemory: StoreUnderTest = {
  name: "SQLite in memory",
  isDurable: false,
  open: () => openSqliteStore(":memory:", auditHash),
  clear: () => Promise.resolve(),
};

storeContract([sqliteFile(), sqliteMemory]);
