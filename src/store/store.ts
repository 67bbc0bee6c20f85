import { Kysely } from "kysely";
import type { AuditLog } from "../access/audit.ts";
import type { GatewayJournal, HistoryStore } from "../control/observed-gateway.ts";
import type { DrillStore } from "../drills/types.ts";
import { auditLog } from "./audit-log.ts";
import { drillStore } from "./drill-store.ts";
import { gatewayJournal } from "./gateway-journal.ts";
import { historyStore } from "./history-store.ts";
import { migrate } from "./migrate.ts";
import { openSqliteFile } from "./node-sqlite.ts";
import { settingStore, type SettingStore } from "./setting-store.ts";
import type { Tables } from "./tables.ts";

/** Everything that the monitor keeps, as the small interfaces that the domain folders declare. */
export interface Store {
  readonly journal: GatewayJournal;
  readonly history: HistoryStore;
  readonly drills: DrillStore;
  readonly audit: AuditLog;
  readonly settings: SettingStore;
  /** The query layer under them, for the contract suite. */
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
}

/** How a record is linked to the one before it; passed in because `store` sees the domain's types only. */
export type AuditHash = (previousHash: string, id: number, event: Parameters<AuditLog["append"]>[0]) => string;

/** Opens and migrates a SQLite file (":memory:" for tests). Throws `AppError` `store-newer` or `store-migration`. */
export async function openSqliteStore(path: string, auditHash: AuditHash): Promise<Store> {
  const file = openSqliteFile(path);
  const db = new Kysely<Tables>({ dialect: file.dialect });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    journal: gatewayJournal(db),
    history: historyStore(db),
    drills: drillStore(db),
    audit: auditLog(db, auditHash),
    settings: settingStore(db),
    db,
    async close() {
      file.checkpoint();
      await db.destroy();
    },
  };
}
