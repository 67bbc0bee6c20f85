import type { EntryKind, TimelineEntry } from "../../../src/incidents/types.ts";
import type { Tone } from "./shown-state.ts";

const tones: Readonly<Record<EntryKind, Tone>> = {
  declared: "warn",
  alert: "warn",
  page: "wait",
  acknowledged: "fine",
  assessed: "wait",
  status: "wait",
  severity: "warn",
  role: "aside",
  task: "aside",
  note: "aside",
  action: "wait",
  hold: "bad",
  merged: "aside",
  resolved: "fine",
};

export const entryTone = (kind: EntryKind): Tone => tones[kind] ?? "aside";

/** Entries of one instant keep the order in which they were written. */
export function orderedEntries(timeline: readonly TimelineEntry[], isNewestFirst: boolean): readonly TimelineEntry[] {
  const oldestFirst = timeline.toSorted((a, b) => a.at - b.at);
  return isNewestFirst ? oldestFirst.reverse() : oldestFirst;
}
