import type { ReasonTable } from "../../lib/reason.ts";

/** The few words of a code; a code of a newer monitor stays as it is. */
export const shortOf = (table: ReasonTable, code: string): string =>
  Object.hasOwn(table, code) ? (table[code]?.short ?? code) : code;

/** What it means and what to do next; "" for a code of a newer monitor. */
export const longOf = (table: ReasonTable, code: string): string =>
  Object.hasOwn(table, code) ? (table[code]?.long ?? "") : "";
