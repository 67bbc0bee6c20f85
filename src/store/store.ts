import { Kysely } from "kysely";
import type { AuditLog } from "../access/audit.ts";
import type { AccessStore } from "../access/types.ts";
import type { GatewayJournal, HistoryStore } from "../control/observed-gateway.ts";
import type { DrillStore } from "../drills/types.ts";
import type { ColumnCodec } from "../duties/columns/column-codec.ts";
import type { DutyStore } from "../duties/ports.ts";
import { accessStore } from "./access-store.ts";
import { auditLog } from "./audit-log.ts";
import { drillStore } from "./drill-store.ts";
import { dutyStore } from "./duties/duty-store.ts";
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
  readonly duties: DutyStore;
  readonly access: AccessStore;
  readonly audit: AuditLog;
  readonly settings: SettingStore;
  /** The query layer under them, for the contract suite. */
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
}

/** How a record is linked to the one before it; passed in because `store` sees the domain's types only. */
export type AuditHash = (previousHash: string, id: number, event: Parameters<AuditLog["append"]>[0]) => string;

/**
 * Opens and migrates a SQLite file (":memory:" for tests). The domain's own functions are passed in. Throws `AppError` `store-newer` or
 * `store-migration`. What is deleted leaves room that is used again, so that the file stays at its largest size and never shrinks.
 */
export async function openSqliteStore(path: string, auditHash: AuditHash, columnCodec: ColumnCodec): Promise<Store> {
  const file = openSqliteFile(path);
  const db = new Kysely<Tables>({ dialect: file.dialect });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    ...storeOn(db, auditHash, columnCodec),
    async close() {
      file.checkpoint();
      await db.destroy();
    },
  };
}

/** The queries over a migrated database of either kind. */
export function storeOn(db: Kysely<Tables>, auditHash: AuditHash, columnCodec: ColumnCodec): Omit<Store, "close"> {
  return {
    journal: gatewayJournal(db),
    history: historyStore(db),
    drills: drillStore(db),
    duties: dutyStore(db, columnCodec),
    access: accessStore(db),
    audit: auditLog(db, auditHash),
    settings: settingStore(db),
    db,
  };
}
