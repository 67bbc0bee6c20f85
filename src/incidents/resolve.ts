import { withContent } from "./content.ts";
import { momentOf, stamp } from "./instants.ts";
import { refusalIfOver } from "./status.ts";
import { lengthProblem, textLength } from "./text-limits.ts";
import { entryOf, isPerson } from "./timeline.ts";
import type { Incident } from "./types.ts";
import { done, refuse, type VerbResult } from "./verb-result.ts";

/**
 * The incident is over. A slashing, or what still has a group held, is resolved by a person who says in a summary why; of
 * others the summary so far stays where none is given.
 */
export function resolveIncident(
  incident: Incident,
  { summary = "", by }: { summary?: string; by: string },
  now: number,
): VerbResult {
  const problem = refusalIfOver(incident) ?? lengthProblem("summary", summary, textLength);
  if (problem) return problem;
  const { reference, type, holds } = incident;
  const held = holds.filter(({ state }) => state === "done" || state === "wanted");
  if (type === "slashing" || held.length > 0) {
    const why = type === "slashing" ? "it is a slashing" : `${held.length} of its groups are held or about to be`;
    if (!isPerson(by)) return refuse("person-needed", `${reference} is not closed by itself: ${why}`);
    if (summary.trim() === "") return refuse("summary-needed", `${reference} has no summary: ${why}`);
  }
  const at = momentOf(incident, now);
  const written = summary.trim() === "" ? incident : withContent(incident, (content) => ({ ...content, summary }));
  const resolved = { ...stamp(written, at, "resolvedAt"), status: "resolved" } as const;
  const text = summary.trim() === "" ? "Resolved." : `Resolved: ${summary}`;
  return done(resolved, entryOf(reference, "resolved", by, text, at));
}
