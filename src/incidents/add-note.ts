import { momentOf } from "./instants.ts";
import { refusalIfMerged } from "./status.ts";
import { textLength, textProblem } from "./text-limits.ts";
import { entryOf } from "./timeline.ts";
import type { EntryKind, Incident } from "./types.ts";
import { done, type VerbResult } from "./verb-result.ts";

export interface NoteInput {
  text: string;
  by: string;
  /** `page` and `action` are written by Slotkeeper: who was told, and what was done. */
  kind?: Extract<EntryKind, "note" | "page" | "action">;
}

/** Writes a line into the timeline and changes nothing else; also of what is resolved or declined. */
export function addNote(incident: Incident, { text, by, kind = "note" }: NoteInput, now: number): VerbResult {
  const problem = refusalIfMerged(incident) ?? textProblem("note", text, textLength);
  if (problem) return problem;
  return done(incident, entryOf(incident.reference, kind, by, text, momentOf(incident, now)));
}
