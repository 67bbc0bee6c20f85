import type { AuditRecord } from "../../../src/access/audit.ts";
import type { AuditPage } from "../../../src/api/contract-respond.ts";
import { plural } from "./format.ts";
import type { Tone } from "./shown-state.ts";

/** What of the Audit page is in its address. */
export interface AuditSearch {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  result?: string | undefined;
}

export const auditFields = ["actor", "action", "target", "result"] as const satisfies readonly (keyof AuditSearch)[];

/** Does each field of a record hold what is looked for in it? */
export const isRecordFound = (record: AuditRecord, search: AuditSearch): boolean =>
  auditFields.every((field) => record[field].toLowerCase().includes((search[field] ?? "").trim().toLowerCase()));

/** What was asked is not done yet; what failed is not done at all. */
export function resultTone(result: string): Tone {
  if (result.startsWith("failed")) return "warn";
  return result === "asked" ? "wait" : "fine";
}

/** Whether the chain of records is whole, in one sentence. */
export function chainWords({ isWhole, count, why }: AuditPage["verdict"]): { tone: Tone; sentence: string } {
  if (isWhole) return { tone: "fine", sentence: `The chain of ${plural(count, "record")} is whole.` };
  return { tone: "bad", sentence: `The chain of records is broken: ${why ?? "nobody can say where"}.` };
}
