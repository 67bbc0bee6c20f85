import { describe, expect, it } from "vitest";
import { blocksOf, calendarRows, dayStarts, draggedRange, snapMs } from "./calendar.ts";

const hour = 3_600_000;

describe("dayStarts", () => {
  it("gives midnights, whatever the length of a day", () => {
    const starts = dayStarts(Date.UTC(2026, 9, 20, 15), 14);
    expect(starts).toHaveLength(15);
    for (const at of starts) expect(new Date(at).getHours()).toBe(0);
    expect(new Set(starts.map((at) => new Date(at).getDate())).size).toBe(15);
  });
});

describe("calendarRows", () => {
  it("cuts days into rows that touch", () => {
    expect(calendarRows([0, 1, 2, 3, 4], 2)).toEqual([
      [0, 1, 2],
      [2, 3, 4],
    ]);
    expect(calendarRows([0, 1, 2, 3], 2)).toEqual([
      [0, 1, 2],
      [2, 3],
    ]);
  });
});

describe("blocksOf", () => {
  const shift = (person: string, fromAt: number, toAt: number, by = "week") => ({
    ...{ schedule: "primary", person, fromAt: fromAt * hour, toAt: toAt * hour, by },
  });
  const page = {
    shifts: [shift("bob", 10, 14), shift("alice", -5, 4), shift("carol", 4, 6, "override"), shift("dan", 99, 120)],
    gaps: [{ schedule: "primary", fromAt: 6 * hour, toAt: 10 * hour }],
  };
  it("tells who has it and where nobody has, cut to the row, in order", () => {
    expect(
      blocksOf(page, "primary", 0, 12 * hour).map(({ kind, person, left, width }) => [
        kind,
        person,
        left * 12,
        width * 12,
      ]),
    ).toEqual([
      ["shift", "alice", 0, 4],
      ["override", "carol", 4, 2],
      ["gap", "", 6, 4],
      ["shift", "bob", 10, 2],
    ]);
  });
  it("keeps the times as they were told, and other schedules out", () => {
    expect(blocksOf(page, "primary", 0, hour)[0]).toMatchObject({ fromAt: -5 * hour, toAt: 4 * hour });
    expect(blocksOf(page, "secondary", 0, hour)).toEqual([]);
  });
});

describe("draggedRange", () => {
  it("is the same in both directions, in half hours", () => {
    const forward = draggedRange([0.26, 0.49], 0, 10 * hour);
    expect(forward).toEqual({ fromAt: 2.5 * hour, toAt: 5 * hour });
    expect(draggedRange([0.49, 0.26], 0, 10 * hour)).toEqual(forward);
  });
  it("is never empty, and never leaves the row", () => {
    expect(draggedRange([0.5, 0.5], 0, 10 * hour)).toEqual({ fromAt: 5 * hour, toAt: 5 * hour + snapMs });
    expect(draggedRange([-3, 7], 0, 10 * hour)).toEqual({ fromAt: 0, toAt: 10 * hour });
  });
});
