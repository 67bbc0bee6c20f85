import { systemAuthor } from "../incidents/timeline.ts";
import type { EntryKind } from "../incidents/types.ts";
import type { OnCallReasonCode } from "../oncall/reasons.ts";
import type { Draft } from "./draft.ts";
import type { RespondReasonCode } from "./reasons.ts";
import type { Episode } from "./types.ts";

/** A line about paging in the timeline of the incident that an episode belongs to; nothing where it has none. */
export function pageEntry(
  draft: Draft,
  { id, incident }: Pick<Episode, "id" | "incident">,
  at: number,
  reason: RespondReasonCode | OnCallReasonCode,
  text: string,
  /** Tells it from others with the same reason at the same instant. */
  key = "",
): void {
  if (incident === undefined) return;
  draft.entries.push({
    ...{ id: `${incident} page ${id} ${at} ${reason} ${key}`, reference: incident, at, kind: "page" },
    ...{ author: systemAuthor, text: `${text} (${reason})` },
  });
}

/** A line about what a person did to it. */
export function personEntry(
  draft: Draft,
  { id, incident }: Pick<Episode, "id" | "incident">,
  at: number,
  kind: EntryKind,
  author: string,
  text: string,
): void {
  if (incident === undefined) return;
  draft.entries.push({ id: `${incident} ${kind} ${id} ${at} ${author}`, reference: incident, at, kind, author, text });
}
