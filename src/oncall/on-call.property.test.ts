import fc from "fast-check";
import { expect, test } from "vitest";
import { changesOf, wrongInstants, wrongMinutes } from "./testing/compare-schedule.ts";
import { randomSchedule } from "./testing/random-schedule.ts";
import { readClock } from "./testing/read-clock.ts";
import { watchTheClock } from "./testing/watch-the-clock.ts";
import { oddZones } from "./testing/zones.ts";
import { instantOf, wallAt } from "./wall-clock.ts";

const dayMs = 86_400_000;

test("every minute has exactly the person that somebody who watches the clock would name", () => {
  const input = fc.record({
    seed: fc.integer({ min: 1, max: 2_147_483_646 }),
    zone: fc.constantFrom(...oddZones),
    otherZone: fc.constantFrom(...oddZones),
    startDay: fc.integer({ min: 0, max: 20 * 365 }),
  });
  fc.assert(
    fc.property(input, ({ seed, zone: timeZone, otherZone, startDay }) => {
      let state = seed;
      const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
      const fromAt = Date.UTC(2010, 0, 1) + startDay * dayMs;
      const toAt = fromAt + 120 * dayMs;
      const schedule = randomSchedule(random, { timeZone, otherZone, fromAt, toAt });
      const watched = watchTheClock(schedule, fromAt, (zone) => readClock(zone, fromAt, 120 * 1_440));
      expect(wrongMinutes(schedule, watched)).toBe(0);
      const near = changesOf(watched).flatMap((change) => [change - 1, change]);
      expect(wrongInstants(schedule, watched, near)).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 60_000);

test("the first instant that shows a reading shows it or a later one, and the instant before an earlier one", () => {
  const readings = fc.record({
    zone: fc.constantFrom(...oddZones),
    from: fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) }),
    near: fc.integer({ min: -4 * 3_600_000, max: 4 * 3_600_000 }),
  });
  let gaps = 0;
  fc.assert(
    fc.property(readings, ({ zone, from, near }) => {
      const change = Temporal.Instant.fromEpochMilliseconds(from)
        .toZonedDateTimeISO(zone)
        .getTimeZoneTransition("next");
      // Half of the readings around the next change of the clock, if there is one.
      const wall = change && from % 2 === 0 ? wallAt(zone, change.epochMilliseconds) + near : from;
      const first = instantOf(zone, wall);
      if (wallAt(zone, first) > wall) gaps++;
      expect(wallAt(zone, first)).toBeGreaterThanOrEqual(wall);
      expect(wallAt(zone, first - 1)).toBeLessThan(wall);
    }),
    { numRuns: 2_000 },
  );
  expect(gaps).toBeGreaterThan(10);
});
