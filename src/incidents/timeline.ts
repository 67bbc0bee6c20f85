import { hash } from "node:crypto";
import type { EntryKind, TimelineEntry } from "./types.ts";

/** Who writes what no person wrote. */
export const systemAuthor = "slotkeeper";

/** Is it a person, and not Slotkeeper itself? */
export const isPerson = (author: string): boolean => author !== systemAuthor;

/** Oldest first. Of what was written in one instant, the declaration stands first and the end last. */
export function inOrder(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const rank = ({ kind }: TimelineEntry) => Number(kind === "resolved") - Number(kind === "declared");
  return entries.toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
}

/** A line of the timeline. Its id follows from what it says, so that writing it twice is writing it once. `at`: ms since 1970. */
export function entryOf(reference: string, kind: EntryKind, author: string, text: string, at: number): TimelineEntry {
  const sum = hash("sha256", JSON.stringify([author, text]), "hex").slice(0, 12);
  return { id: `${reference}/${kind}/${at}/${sum}`, reference, at, kind, author, text };
}
