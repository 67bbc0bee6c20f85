import { expect, it } from "vitest";
import { fromField, onAllClocks, timeIn, toField } from "./zone-time.ts";

const at = Date.UTC(2026, 10, 30, 8, 5);

it("shows an instant in a zone, and in UTC where the zone is none", () => {
  expect(timeIn("Asia/Tokyo", at)).toBe("Mon 30 Nov, 17:05");
  expect(timeIn("Nowhere/At all", at)).toBe("Mon 30 Nov, 08:05");
});

it("shows each clock once, the schedule's too", () => {
  expect(onAllClocks(at, "Asia/Tokyo")).toContain("Mon 30 Nov, 17:05 Asia/Tokyo");
  expect(onAllClocks(at, "UTC")).toMatch(/^Mon 30 Nov, 08:05 UTC/);
  expect(onAllClocks(at, "No/Where")).toContain("No/Where is no zone that this browser knows");
});

it("reads what a field shows back to the minute, and nothing from an empty one", () => {
  expect(fromField(toField(at + 29_999))).toBe(at);
  expect(fromField("")).toBeUndefined();
  expect(fromField("soon")).toBeUndefined();
});
