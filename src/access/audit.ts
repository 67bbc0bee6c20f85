import { createHash } from "node:crypto";

/** Something that a person or a script did through Slotkeeper, or tried to. */
export interface AuditEvent {
  /** ms since the epoch. */
  at: number;
  /** Who: "api-token from 127.0.0.1", "system". */
  actor: string;
  /** What: "node.cordon". */
  action: string;
  /** On what: "main/default/bn2". */
  target: string;
  /** "done", or why it was not. */
  result: string;
}

export interface AuditRecord extends AuditEvent {
  id: number;
  /** Hash of the record before; of the first, 64 zeros. */
  previousHash: string;
  /** Over the previous hash and every field: changing or removing one record breaks all later ones. */
  hash: string;
}

/** Append-only. Implemented by `store`. */
export interface AuditLog {
  append(event: AuditEvent): Promise<AuditRecord>;
  /** Oldest first, ids above `after`. */
  read(after: number, limit: number): Promise<readonly AuditRecord[]>;
}

export const firstPreviousHash = "0".repeat(64);

/** The hash that links a record to the one before it. */
export function auditHash(previousHash: string, id: number, { at, actor, action, target, result }: AuditEvent): string {
  return createHash("sha256")
    .update(JSON.stringify([previousHash, id, at, actor, action, target, result]))
    .digest("hex");
}

export type AuditVerdict = { isWhole: true; count: number } | { isWhole: false; brokenAtId: number; why: string };

/** Follows the chain from its first record; `records` must be all of them, oldest first. */
export function verifyAudit(records: Iterable<AuditRecord>): AuditVerdict {
  let previousHash = firstPreviousHash;
  let count = 0;
  for (const record of records) {
    count++;
    if (record.id !== count) return { isWhole: false, brokenAtId: record.id, why: `record ${count} is missing` };
    if (record.previousHash !== previousHash)
      return { isWhole: false, brokenAtId: record.id, why: "it does not follow the record before it" };
    if (auditHash(previousHash, record.id, record) !== record.hash)
      return { isWhole: false, brokenAtId: record.id, why: "it was changed after it was written" };
    previousHash = record.hash;
  }
  return { isWhole: true, count };
}
