import { momentOf } from "./instants.ts";
import { refusalIfOver } from "./status.ts";
import { shortLine } from "./text-limits.ts";
import { entryOf, systemAuthor } from "./timeline.ts";
import type { Incident } from "./types.ts";
import { done, type VerbResult } from "./verb-result.ts";

/** An alert group that fires belongs to the incident from now on, or fires again. What is over takes in no alerts. */
export function joinGroup(
  incident: Incident,
  { groupKey, title }: { groupKey: string; title: string },
  now: number,
): VerbResult {
  const over = refusalIfOver(incident);
  if (over) return over;
  const { groupKeys, alertsEndedAt, reference } = incident;
  const isNew = !groupKeys.includes(groupKey);
  if (!isNew && alertsEndedAt === 0) return done(incident);
  const joined = { ...incident, groupKeys: isNew ? [...groupKeys, groupKey] : groupKeys, alertsEndedAt: 0 };
  const text = `${isNew ? "Alarm" : "Alarm fires again"}: ${shortLine(title)}`;
  return done(joined, entryOf(reference, "alert", systemAuthor, text, momentOf(incident, now)));
}
