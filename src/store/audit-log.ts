import type { Kysely } from "kysely";
import type { AuditLog, AuditRecord } from "../access/audit.ts";
import { toNumber } from "./codec.ts";
import type { AuditHash } from "./store.ts";
import type { Tables } from "./tables.ts";

const firstPreviousHash = "0".repeat(64);

export function auditLog(db: Kysely<Tables>, auditHash: AuditHash): AuditLog {
  return {
    append: (event) =>
      db.transaction().execute(async (tx) => {
        const last = await tx
          .selectFrom("audit")
          .select(["id", "hash"])
          .orderBy("id", "desc")
          .limit(1)
          .executeTakeFirst();
        const id = last ? toNumber(last.id) + 1 : 1;
        const previousHash = last?.hash ?? firstPreviousHash;
        const { at, actor, action, target, result } = event;
        const record: AuditRecord = {
          id,
          at,
          actor,
          action,
          target,
          result,
          previousHash,
          hash: auditHash(previousHash, id, event),
        };
        await tx.insertInto("audit").values(record).execute();
        return record;
      }),
    async read(after, limit) {
      const rows = await db
        .selectFrom("audit")
        .selectAll()
        .where("id", ">", after)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, id: toNumber(row.id), at: toNumber(row.at) }));
    },
  };
}
