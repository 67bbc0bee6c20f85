import type { FactDescription } from "../fact.ts";

/** Builds a description from its columns, so that the tables read as tables. */
export function fact(
  name: string,
  unit: FactDescription["unit"],
  labels: readonly string[],
  staleAfterMs: number,
  meaning: string,
  needs?: string,
): FactDescription {
  return { name, unit, labels, staleAfterMs, meaning, ...(needs === undefined ? {} : { needs }) };
}
