import { dayMs, dayOf, hourMs } from "./local-time.ts";
import { shifts } from "./shifts.ts";
import type { OnCallBook } from "./escalation.ts";
import type { Person } from "./types.ts";
import { instantOf, wallAt } from "./wall-clock.ts";

/** A page that was sent, ms since 1970. */
export interface SentPage {
  person: string;
  at: number;
}

/** What being on call cost one person in a span. Minutes on two schedules at once count once. */
export interface Load {
  person: string;
  onCallMinutes: number;
  /** Minutes on call from 22:00 to 07:00 on this person's own clock. */
  sleepMinutes: number;
  pages: number;
  /** Pages from 22:00 to 07:00 on this person's own clock. */
  sleepPages: number;
}

interface Span {
  fromAt: number;
  toAt: number;
}

/** Load of each person of the book from `fromAt` until before `toAt`, ms since 1970, in the book's order. */
export function loadOf(book: OnCallBook, pages: readonly SentPage[], { fromAt, toAt }: Span): Load[] {
  const all = book.schedules.flatMap((schedule) => shifts(schedule, fromAt, toAt));
  return book.people.map((person) => {
    const onCall = union(all.filter((shift) => shift.person === person.name));
    const nights = nightsOf(person, fromAt, toAt);
    const own = pages.filter((page) => page.person === person.name && page.at >= fromAt && page.at < toAt);
    return {
      person: person.name,
      onCallMinutes: minutesOf(onCall),
      sleepMinutes: minutesOf(common(onCall, nights)),
      pages: own.length,
      sleepPages: own.filter(({ at }) => nights.some((night) => night.fromAt <= at && at < night.toAt)).length,
    };
  });
}

/** Every 22:00 to 07:00 of a person's clock that touches the span, in order. */
function nightsOf({ timeZone }: Person, fromAt: number, toAt: number): Span[] {
  const nights: Span[] = [];
  const last = wallAt(timeZone, toAt);
  for (let day = dayOf(wallAt(timeZone, fromAt)) - dayMs; day <= last; day += dayMs)
    nights.push({
      fromAt: instantOf(timeZone, day + 22 * hourMs),
      toAt: instantOf(timeZone, day + dayMs + 7 * hourMs),
    });
  return nights;
}

function union(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const { fromAt, toAt } of spans.toSorted((a, b) => a.fromAt - b.fromAt)) {
    const last = joined.at(-1);
    if (last && fromAt <= last.toAt) last.toAt = Math.max(last.toAt, toAt);
    else joined.push({ fromAt, toAt });
  }
  return joined;
}

/** Both lists are in order and free of overlaps. */
function common(a: readonly Span[], b: readonly Span[]): Span[] {
  const found: Span[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [a[i], b[j]];
    if (!one || !other) return found;
    const [fromAt, toAt] = [Math.max(one.fromAt, other.fromAt), Math.min(one.toAt, other.toAt)];
    if (fromAt < toAt) found.push({ fromAt, toAt });
    if (one.toAt < other.toAt) i++;
    else j++;
  }
}

function minutesOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromAt, toAt }) => sum + toAt - fromAt, 0) / 60_000;
}
