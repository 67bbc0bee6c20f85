/** Why something was decided: a stable code, a few words for a table cell, and a sentence or two for a tired operator. */
export interface ReasonText {
  short: string;
  /** What it means and what to do next. */
  long: string;
}

export type ReasonTable = Readonly<Record<string, ReasonText>>;

/** Keeps the literal codes of a `reasons.ts`, so that `keyof typeof table` is the union of its codes. */
export function defineReasons<const T extends ReasonTable>(table: T): T {
  return table;
}
