import { changesOf, wrongInstants, wrongMinutes } from "../src/oncall/testing/compare-schedule.ts";
import { randomSchedule } from "../src/oncall/testing/random-schedule.ts";
import { readClock } from "../src/oncall/testing/read-clock.ts";
import { watchTheClock } from "../src/oncall/testing/watch-the-clock.ts";
import { oddZones } from "../src/oncall/testing/zones.ts";

const minuteMs = 60_000;

/**
 * Random schedules in each zone: who is on call at random instants, half of them within two minutes of a change, and the list of
 * shifts at every minute, against a second implementation that watches the wall clock. The seed is printed.
 */
export async function run({
  isQuick,
  flags,
}: {
  isQuick: boolean;
  flags: Readonly<Record<string, string>>;
}): Promise<Record<string, unknown>> {
  const seed = Number(flags["seed"] ?? 1 + Math.floor(Math.random() * 2_147_483_645));
  console.log(`seed ${seed}`);
  let state = seed;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const years = isQuick ? 1 : 10;
  const schedulesPerZone = isQuick ? 2 : 4;
  const instantsPerSchedule = isQuick ? 2_500 : 15_000;
  const counted = { instants: 0, wrongInstants: 0, minutes: 0, wrongMinutes: 0, changes: 0, nobody: 0 };
  for (const [n, timeZone] of oddZones.entries()) {
    const year = 2008 + Math.floor(random() * 23);
    const fromAt = Date.UTC(year, 0, 1);
    const minutes = (Date.UTC(year + years, 0, 1) - fromAt) / minuteMs;
    const otherZone = oddZones[(n + 7) % oddZones.length] ?? "UTC";
    const clocks = new Map([timeZone, otherZone].map((zone) => [zone, readClock(zone, fromAt, minutes)]));
    const before = { ...counted };
    for (let each = 0; each < schedulesPerZone; each++) {
      const toAt = fromAt + minutes * minuteMs;
      const schedule = randomSchedule(random, { timeZone, otherZone, fromAt, toAt });
      const watched = watchTheClock(schedule, fromAt, (zone) => clocks.get(zone) ?? new Int32Array());
      const changes = changesOf(watched);
      const instants = Array.from({ length: instantsPerSchedule }, (_, i) => {
        const change = i % 2 === 0 ? changes[Math.floor(random() * changes.length)] : undefined;
        const at =
          change === undefined ? fromAt + random() * (toAt - fromAt) : change + (random() - 0.5) * 4 * minuteMs;
        return Math.min(toAt - 1, Math.max(fromAt, Math.floor(at)));
      });
      const wrong = wrongInstants(schedule, watched, instants);
      const wrongAt = wrong[0];
      if (wrongAt !== undefined) console.log(`wrong at ${new Date(wrongAt).toISOString()}:`, JSON.stringify(schedule));
      counted.instants += instants.length;
      counted.wrongInstants += wrong.length;
      counted.minutes += minutes;
      counted.wrongMinutes += wrongMinutes(schedule, watched);
      counted.changes += changes.length;
      counted.nobody += watched.byMinute.filter((answer) => answer === 0).length;
    }
    const wrong = counted.wrongInstants - before.wrongInstants + counted.wrongMinutes - before.wrongMinutes;
    console.log(
      `${timeZone.padEnd(20)} ${year} to ${year + years}  ${counted.changes - before.changes} changes, ${wrong} wrong`,
    );
  }
  return Promise.resolve({ zones: oddZones.length, years, seed, ...counted });
}
