import { onCallAt } from "../on-call-at.ts";
import { gaps, shifts } from "../shifts.ts";
import type { OnCallSource, Schedule } from "../types.ts";
import type { Watched } from "./watch-the-clock.ts";

const minuteMs = 60_000;

/** What the clock watcher would have said. */
export function answerOf(person: string | undefined, source: OnCallSource | undefined): string {
  if (person === undefined || !source) return "nobody";
  return `${person} by ${source.kind === "layer" ? source.layer.name : "override"}`;
}

function watchedAt({ fromAt, byMinute, answers }: Watched, at: number): string {
  return answers[byMinute[Math.floor((at - fromAt) / minuteMs)] ?? 0] ?? "nobody";
}

/** Instants of the list at which `onCallAt` and the watcher name different people or layers. */
export function wrongInstants(schedule: Schedule, watched: Watched, instants: readonly number[]): number[] {
  return instants.filter((at) => {
    const { person, source } = onCallAt(schedule, at);
    return answerOf(person, source) !== watchedAt(watched, at);
  });
}

/** Minutes in which the list of shifts and gaps and the watcher differ, or that are in none of them, or in two. */
export function wrongMinutes(schedule: Schedule, watched: Watched): number {
  const { fromAt, byMinute, answers } = watched;
  const toAt = fromAt + byMinute.length * minuteMs;
  const times = new Uint8Array(byMinute.length);
  let wrong = 0;
  const check = (from: number, to: number, answer: string) => {
    for (let minute = (from - fromAt) / minuteMs; minute < (to - fromAt) / minuteMs; minute++) {
      times[minute] = (times[minute] ?? 0) + 1;
      if (answers[byMinute[minute] ?? 0] !== answer) wrong++;
    }
  };
  for (const shift of shifts(schedule, fromAt, toAt))
    check(shift.fromAt, shift.toAt, answerOf(shift.person, shift.source));
  for (const gap of gaps(schedule, fromAt, toAt)) check(gap.fromAt, gap.toAt, "nobody");
  return wrong + times.filter((count) => count !== 1).length;
}

/** First minute of each answer of the watcher, ms since 1970: where a mistake would be. */
export function changesOf({ fromAt, byMinute }: Watched): number[] {
  const changes: number[] = [];
  byMinute.forEach((answer, minute) => {
    if (minute > 0 && answer !== byMinute[minute - 1]) changes.push(fromAt + minute * minuteMs);
  });
  return changes;
}
