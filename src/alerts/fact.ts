import type { Labels } from "./labels.ts";

/** One thing that is known, as a number. Others supply facts; a newer one with the same name and labels replaces it. */
export interface Fact {
  /** As in the fact catalogue. */
  name: string;
  labels: Labels;
  /** In the unit of the catalogue; NaN means that it is not known. */
  value: number;
  /** When it was observed, ms since 1970. */
  at: number;
}

/** What a fact means, and how long it stands. */
export interface FactDescription {
  name: string;
  unit: "ratio" | "count" | "epochs" | "seconds" | "days" | "hours" | "gwei" | "flag" | "milliseconds" | "multiple";
  /** Labels that it may carry. */
  labels: readonly string[];
  /** For a person who writes a rule. */
  meaning: string;
  /** Older than that, it counts as not known. */
  staleAfterMs: number;
  /** Known only where something more is configured; without it the rules on it rest. */
  needs?: string;
}
