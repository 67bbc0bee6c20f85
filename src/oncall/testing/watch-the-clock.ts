import type { Handover, Layer, Override, Schedule } from "../types.ts";

const minuteMs = 60_000;
const dayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** Who is on call in each minute, as indexes into `answers`; 0 is nobody. */
export interface Watched {
  fromAt: number;
  byMinute: Uint16Array;
  answers: readonly string[];
}

/** Clock readings by zone, minutes since 1970, one for each minute of the span. */
export type Clocks = (timeZone: string) => Int32Array;

/**
 * Second implementation, sharing nothing but the types: somebody looks at the wall clock each minute and does what is due. Each
 * layer has a list of things to do at times of the calendar (hand over, open, close, begin, end), in order; whatever the clock has reached is done.
 */
export function watchTheClock(schedule: Schedule, fromAt: number, clocks: Clocks): Watched {
  const minutes = clocks(schedule.timeZone).length;
  const answers = ["nobody"];
  const byMinute = new Uint16Array(minutes);
  // From the bottom layer up, then the overrides: each writes over what lies below.
  const numberOf = new Map<string, number>();
  const number = (answer: string) => {
    const found = numberOf.get(answer);
    if (found !== undefined) return found;
    numberOf.set(answer, answers.length);
    return answers.push(answer) - 1;
  };
  for (const layer of schedule.layers)
    watchLayer(layer, clocks(layer.timeZone ?? schedule.timeZone), (minute, person) => {
      byMinute[minute] = number(`${person} by ${layer.name}`);
    });
  for (const { from, to, person } of schedule.overrides.map((each) => minutesOf(each, fromAt, minutes)))
    for (let minute = from; minute < to; minute++) byMinute[minute] = number(`${person} by override`);
  return { fromAt, byMinute, answers };
}

function minutesOf({ fromAt, toAt, person }: Override, start: number, minutes: number) {
  const at = (instant: number) => Math.min(minutes, Math.max(0, (instant - start) / minuteMs));
  return { from: at(fromAt), to: at(toAt), person };
}

interface Deed {
  /** Minutes since 1970, by the calendar. */
  due: number;
  kind: "begin" | "end" | "hand-over" | "open" | "close";
}

function watchLayer(layer: Layer, clock: Int32Array, put: (minute: number, person: string) => void): void {
  const lastReading = clock.reduce((a, b) => Math.max(a, b));
  const deeds = deedsOf(layer, clock[0] ?? 0, lastReading);
  const { people } = layer.rotation;
  let [turn, open, isInEffect, next] = [0, layer.restrictions ? 0 : 1, false, 0];
  clock.forEach((reading, minute) => {
    for (let deed = deeds[next]; deed && deed.due <= reading; deed = deeds[++next])
      if (deed.kind === "begin") isInEffect = true;
      else if (deed.kind === "end") isInEffect = false;
      else if (deed.kind === "hand-over") turn = (turn + 1) % people.length;
      else open += deed.kind === "open" ? 1 : -1;
    const person = people[turn];
    if (isInEffect && open > 0 && person !== undefined) put(minute, person);
  });
}

function deedsOf(layer: Layer, firstReading: number, lastReading: number): Deed[] {
  const begin = parse(layer.effectiveFrom);
  const deeds: Deed[] = [{ due: begin, kind: "begin" }];
  if (layer.effectiveUntil !== undefined) deeds.push({ due: parse(layer.effectiveUntil), kind: "end" });
  for (const due of handovers(layer.rotation.handover, begin, lastReading)) deeds.push({ due, kind: "hand-over" });
  for (const { days, from, to } of layer.restrictions ?? [])
    for (let day = new Date((firstReading - 3 * 1_440) * minuteMs); ; day.setUTCDate(day.getUTCDate() + 1)) {
      const date = day.toISOString().slice(0, 10);
      const due = parse(`${date}T${from}`);
      if (due > lastReading) break;
      if (days && !(days as readonly string[]).includes(dayNames[day.getUTCDay()] ?? "")) continue;
      const sameDay = parse(`${date}T${to}`);
      deeds.push({ due, kind: "open" }, { due: sameDay > due ? sameDay : sameDay + 1_440, kind: "close" });
    }
  return deeds.sort((a, b) => a.due - b.due);
}

/** Every handover after `begin`: the first one by trying minute after minute, the others by turning the calendar's pages. */
function handovers(handover: Handover, begin: number, end: number): number[] {
  const first = new Date(begin * minuteMs);
  const every = handover.kind === "custom" ? handover.every : 1;
  const isHours = handover.kind === "hourly" || (handover.kind === "custom" && handover.unit === "hours");
  const isWeeks = handover.kind === "weekly" || (handover.kind === "custom" && handover.unit === "weeks");
  while (!isHandover(handover, first)) first.setTime(first.getTime() - minuteMs);
  const all: number[] = [];
  for (const date = first; date.getTime() / minuteMs <= end;) {
    if (date.getTime() / minuteMs > begin) all.push(date.getTime() / minuteMs);
    if (isHours) date.setUTCHours(date.getUTCHours() + every);
    else date.setUTCDate(date.getUTCDate() + every * (isWeeks ? 7 : 1));
  }
  return all;
}

function isHandover(handover: Handover, date: Date): boolean {
  if (handover.kind === "hourly") return date.getUTCMinutes() === (handover.minute ?? 0);
  const isTime = date.toISOString().slice(11, 16) === handover.at;
  return isTime && (!("weekday" in handover) || dayNames[date.getUTCDay()] === handover.weekday);
}

function parse(text: string): number {
  return Date.parse(`${text}Z`) / minuteMs;
}
