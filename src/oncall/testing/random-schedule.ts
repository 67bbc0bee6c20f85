import { weekdays, type Handover, type Layer, type Restriction, type Schedule } from "../types.ts";

const people = ["ada", "ben", "cleo", "dan", "eva", "finn"];

/**
 * A schedule with everything there is: layers of every kind over each other, their versions, other zones, windows over midnight,
 * overrides. What it says begins and ends around `[fromAt, toAt)`, ms since 1970. `random`: 0 to 1.
 */
export function randomSchedule(
  random: () => number,
  { timeZone, otherZone, fromAt, toAt }: { timeZone: string; otherZone: string; fromAt: number; toAt: number },
): Schedule {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
  const two = (value: number) => String(value).padStart(2, "0");
  // Half of the times lie where clocks are changed.
  const time = () => `${two(pick(below(24), pick(0, 1, 2, 3, 23)))}:${two(pick(0, 0, 30, below(60)))}`;
  const weekday = () => pick(...weekdays);
  const handover = (): Handover =>
    pick<() => Handover>(
      () => ({ kind: "hourly", minute: below(60) }),
      () => ({ kind: "daily", at: time() }),
      () => ({ kind: "daily", at: time() }),
      () => ({ kind: "weekly", at: time(), weekday: weekday() }),
      () => ({ kind: "custom", unit: "hours", every: pick(5, 8, 12, 30), at: time() }),
      () => ({ kind: "custom", unit: "days", every: 1 + below(5), at: time() }),
      () => ({ kind: "custom", unit: "weeks", every: 1 + below(3), at: time(), weekday: weekday() }),
    )();
  const window = (): Restriction => ({
    ...(random() < 0.5 ? { days: weekdays.filter(() => random() < 0.6) } : {}),
    ...{ from: time(), to: time() },
  });
  const localDate = (at: number) => `${new Date(at).toISOString().slice(0, 10)}T${time()}`;
  const between = () => fromAt + random() * (toAt - fromAt);
  const rotation = () => ({
    handover: handover(),
    people: people.filter(() => random() < 0.6).sort(() => random() - 0.5),
  });
  const layers: Layer[] = [];
  for (let n = 1 + below(3); n > 0; n--) {
    const layer: Layer = {
      name: `layer ${n}`,
      ...(random() < 0.3 ? { timeZone: otherZone } : {}),
      ...{ rotation: rotation(), effectiveFrom: localDate(pick(fromAt - below(400) * 86_400_000, between())) },
      ...(n > 1 && random() < 0.8 ? { restrictions: Array.from({ length: 1 + below(2) }, window) } : {}),
    };
    const until = localDate(between());
    if (until > layer.effectiveFrom && random() < 0.6)
      layers.push({ ...layer, effectiveUntil: until }, { ...layer, rotation: rotation(), effectiveFrom: until });
    else layers.push(layer);
  }
  const overrides = Array.from({ length: below(12) }, () => {
    const start = Math.floor(between() / 60_000) * 60_000;
    return { fromAt: start, toAt: start + (1 + below(5_000)) * 60_000, person: pick(...people) };
  });
  return { name: "primary", timeZone, layers, overrides };
}
