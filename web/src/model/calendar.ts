import type { OnCallPage } from "../../../src/api/contract-oncall.ts";

/** Midnights of the browser's zone: `days` + 1 of them, so that a day of 23 or 25 hours is as long as it is. */
export function dayStarts(now: number, days: number): readonly number[] {
  const first = new Date(now);
  first.setHours(0, 0, 0, 0);
  return Array.from({ length: days + 1 }, (_, index) => {
    const day = new Date(first);
    day.setDate(first.getDate() + index);
    return day.getTime();
  });
}

/** The days in rows of so many each; a row's last boundary is the next row's first. */
export function calendarRows(starts: readonly number[], perRow: number): readonly (readonly number[])[] {
  const days = starts.length - 1;
  return Array.from({ length: Math.ceil(days / perRow) }, (_, row) =>
    starts.slice(row * perRow, Math.min(days, (row + 1) * perRow) + 1),
  );
}

export interface CalendarBlock {
  key: string;
  kind: "shift" | "override" | "gap";
  /** "" of a gap. */
  person: string;
  /** As it was told: it may reach beyond the row. */
  fromAt: number;
  toAt: number;
  /** Parts of the row's width. */
  left: number;
  width: number;
}

/** Who has a schedule within a row, and where nobody has, in order of time. */
export function blocksOf(
  { shifts, gaps }: Pick<OnCallPage, "shifts" | "gaps">,
  schedule: string,
  fromAt: number,
  toAt: number,
): readonly CalendarBlock[] {
  const taken = shifts.map((shift) => ({
    ...shift,
    kind: shift.by === "override" ? ("override" as const) : ("shift" as const),
  }));
  const empty = gaps.map((gap) => ({ ...gap, kind: "gap" as const, person: "" }));
  return [...taken, ...empty]
    .filter((one) => one.schedule === schedule && one.toAt > fromAt && one.fromAt < toAt)
    .toSorted((a, b) => a.fromAt - b.fromAt)
    .map(({ kind, person, ...one }) => {
      const [from, to] = [Math.max(fromAt, one.fromAt), Math.min(toAt, one.toAt)];
      const span = toAt - fromAt;
      return {
        key: `${kind} ${one.fromAt} ${person}`,
        ...{ kind, person, fromAt: one.fromAt, toAt: one.toAt },
        ...{ left: (from - fromAt) / span, width: (to - from) / span },
      };
    });
}

/** What is dragged over ends at half hours. */
export const snapMs = 1_800_000;

/** The time between two places of a row, whichever comes first, in whole half hours and at least one. */
export function draggedRange(
  [a, b]: readonly [number, number],
  fromAt: number,
  toAt: number,
): { fromAt: number; toAt: number } {
  const at = (place: number) => fromAt + Math.max(0, Math.min(1, place)) * (toAt - fromAt);
  const start = Math.floor(at(Math.min(a, b)) / snapMs) * snapMs;
  const end = Math.ceil(at(Math.max(a, b)) / snapMs) * snapMs;
  return { fromAt: start, toAt: Math.max(start + snapMs, end) };
}

/** One of four marks for a person, always the same in one list of people: names tell apart, marks help the eye. */
export const personMark = (person: string, people: readonly string[]): number =>
  Math.max(0, people.indexOf(person)) % 4;
