import type { OnCallNow, OnCallPage, ShownPerson } from "../../api/contract-oncall.ts";
import { AppError } from "../../lib/app-error.ts";
import { checkOnCall, type OnCallFinding } from "../../oncall/check-on-call.ts";
import type { OnCallBook, Target } from "../../oncall/escalation.ts";
import { loadOf, type SentPage } from "../../oncall/load.ts";
import { onCallAt } from "../../oncall/on-call-at.ts";
import { gaps, nextShift, shifts } from "../../oncall/shifts.ts";
import type { Schedule } from "../../oncall/types.ts";
import type { OutboxMessage } from "../../outbox/types.ts";
import type { RespondSettings } from "../../respond/settings.ts";
import type { RespondState } from "../../respond/types.ts";

const dayMs = 86_400_000;
const loadDays = 28;
const checkDays = 30;
const longestRangeMs = 100 * dayMs;

/** Who is on call in each schedule, and who follows. A schedule that cannot be read has nobody; the findings say why. */
export function showOnCallNow({ schedules }: OnCallBook, now: number): OnCallNow[] {
  return schedules.map((schedule) => readable(() => nowIn(schedule, now)) ?? nobody(schedule));
}

function nowIn(schedule: Schedule, now: number): OnCallNow {
  const { person } = onCallAt(schedule, now);
  const current =
    person === undefined
      ? undefined
      : shifts(schedule, now - loadDays * dayMs, now + loadDays * dayMs).find(
          ({ fromAt, toAt }) => fromAt <= now && now < toAt,
        );
  const next = nextShift(schedule, current?.toAt ?? now);
  // What touches an end of the span that was looked at goes on beyond it.
  const isInside = (at: number | undefined) => at !== undefined && Math.abs(at - now) < loadDays * dayMs;
  return {
    ...{ schedule: schedule.name, timeZone: schedule.timeZone, person },
    since: isInside(current?.fromAt) ? current?.fromAt : undefined,
    until: isInside(current?.toAt) ? current?.toAt : undefined,
    next: next && { person: next.person, fromAt: next.fromAt },
  };
}

function nobody({ name, timeZone }: Schedule): OnCallNow {
  return { schedule: name, timeZone, person: undefined, since: undefined, until: undefined, next: undefined };
}

export interface OnCallFacts {
  state: RespondState;
  settings: RespondSettings;
  book: OnCallBook;
  /** Messages to people of the last 28 days, tests among them. */
  pages: readonly OutboxMessage[];
  now: number;
}

/** The calendar of a span, and everybody in it. */
export function showOnCall(
  range: { from?: number; to?: number },
  { state, settings, book, pages, now }: OnCallFacts,
): OnCallPage {
  const fromAt = range.from ?? now;
  const toAt = range.to ?? fromAt + 14 * dayMs;
  if (!(toAt > fromAt) || toAt - fromAt > longestRangeMs)
    throw new AppError("show who is on call: ask for a span of at most 100 days that ends after it begins.", {
      code: "bad-request",
    });
  const findings = checkOnCall(book, settings.policies, { now, days: checkDays });
  const schedules = book.schedules.filter((schedule) => readable(() => onCallAt(schedule, now)) !== undefined);
  return {
    ...{ at: now, fromAt, toAt, now: showOnCallNow(book, now), findings },
    shifts: schedules.flatMap((schedule) =>
      shifts(schedule, fromAt, toAt).map((shift) => ({
        ...{ schedule: schedule.name, fromAt: shift.fromAt, toAt: shift.toAt, person: shift.person },
        by: shift.source.kind === "override" ? "override" : shift.source.layer.name,
      })),
    ),
    gaps: schedules.flatMap((schedule) =>
      gaps(schedule, fromAt, toAt).map((gap) => ({ schedule: schedule.name, fromAt: gap.fromAt, toAt: gap.toAt })),
    ),
    overrides: state.overrides.filter((override) => override.toAt > now),
    people: showPeople({ ...book, schedules }, state, pages, now),
    policies: settings.policies.map(({ name, steps, repeats, acknowledgeExpiryMs }) => ({
      ...{ name, repeats, acknowledgeExpiryMs },
      steps: steps.map(({ afterMs, notify }) => ({ afterMs, notify: notify.map(targetWords) })),
    })),
  };
}

function showPeople(
  book: OnCallBook,
  { tests }: RespondState,
  pages: readonly OutboxMessage[],
  now: number,
): ShownPerson[] {
  const sent: SentPage[] = pages
    .filter(({ kind, state }) => kind === "page" && state === "sent")
    .map(({ recipient, createdAt }) => ({ person: recipient, at: createdAt }));
  const loads = loadOf(book, sent, { fromAt: now - loadDays * dayMs, toAt: now });
  return book.people.map(({ name, timeZone, contacts }, index): ShownPerson => {
    const { onCallMinutes = 0, pages: paged = 0, sleepPages = 0, sleepMinutes = 0 } = loads[index] ?? {};
    return {
      ...{ name, timeZone },
      contacts: contacts.map(({ channel, address }) => {
        const test = tests.find((each) => each.person === name && each.channel === channel && each.address === address);
        const message = test && pages.find(({ groupKey }) => groupKey === `test ${test.id}`);
        const lastTest = test && {
          at: test.at,
          state: message?.state ?? ("pending" as const),
          acknowledgedAt: test.acknowledgedAt,
        };
        return { channel, address, lastTest };
      }),
      load: { onCallHours: Math.round(onCallMinutes / 60), pages: paged, sleepPages, sleepMinutes },
    };
  });
}

function targetWords(target: Target): string {
  return "person" in target ? target.person : `schedule ${target.schedule}`;
}

/** `undefined` for a schedule that cannot be read: the check tells of it. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

export type { OnCallFinding };
