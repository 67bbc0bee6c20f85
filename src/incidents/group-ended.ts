import { momentOf } from "./instants.ts";
import { refusalIfMerged } from "./status.ts";
import { shortLine } from "./text-limits.ts";
import { entryOf, systemAuthor } from "./timeline.ts";
import type { Incident } from "./types.ts";
import { done, refuse, type VerbResult } from "./verb-result.ts";

export interface GroupEndedInput {
  groupKey: string;
  title: string;
  /** Keys of all alert groups that fire, of this incident or not. */
  firing: readonly string[];
}

/** One of its alert groups has ended; when none of them fires any more, `alertsEndedAt` is set. Also of what is over. */
export function groupEnded(incident: Incident, { groupKey, title, firing }: GroupEndedInput, now: number): VerbResult {
  const merged = refusalIfMerged(incident);
  if (merged) return merged;
  const { reference, groupKeys, alertsEndedAt } = incident;
  if (!groupKeys.includes(groupKey)) return refuse("group-unknown", `${reference} has no such alert group`);
  if (alertsEndedAt !== 0) return done(incident);
  const at = momentOf(incident, now);
  const still = new Set(firing);
  const isLast = !groupKeys.some((key) => key !== groupKey && still.has(key));
  const text = `Alarm ended${isLast ? ", the last of its alarms" : ""}: ${shortLine(title)}`;
  const ended = isLast ? { ...incident, alertsEndedAt: at } : incident;
  return done(ended, entryOf(reference, "alert", systemAuthor, text, at));
}
