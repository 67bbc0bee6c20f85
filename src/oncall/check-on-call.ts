import { AppError } from "../lib/app-error.ts";
import type { EscalationPolicy, OnCallBook, Target } from "./escalation.ts";
import { dayMs } from "./local-time.ts";
import { onCallAt } from "./on-call-at.ts";
import type { OnCallReasonCode } from "./reasons.ts";
import { reach } from "./reach.ts";
import { gaps } from "./shifts.ts";
import type { Layer, Schedule } from "./types.ts";
import { isTimeZone, wallAt } from "./wall-clock.ts";
import { changesBetween } from "./changes.ts";
import { wallOf } from "./local-time.ts";

export interface OnCallFinding {
  reason: OnCallReasonCode;
  /** Name of the person, schedule or policy. */
  subject: string;
  detail: string;
  /** First time that it matters, ms since 1970, where there is one. */
  fromAt?: number;
}

/** What would leave a page without a reader from `now` (ms since 1970) over the coming days. Empty: nothing was found. */
export function checkOnCall(
  book: OnCallBook,
  policies: readonly EscalationPolicy[],
  { now, days }: { now: number; days: number },
): OnCallFinding[] {
  const toAt = now + days * dayMs;
  const unreadable = book.schedules.flatMap((schedule) => unreadableOf(schedule, now));
  const broken = new Set(unreadable.map(({ subject }) => subject));
  const readable = book.schedules.filter(({ name }) => !broken.has(name));
  return [
    ...unreadable,
    ...peopleFindings(book),
    ...readable.flatMap((schedule) => scheduleFindings(schedule, book, now, toAt)),
    ...policies.flatMap((policy) => policyFindings(policy, { ...book, schedules: readable }, broken, now, toAt)),
  ];
}

function unreadableOf(schedule: Schedule, now: number): OnCallFinding[] {
  const zone = schedule.timeZone;
  const found: OnCallFinding[] = [];
  for (const layer of [...schedule.layers, ...(schedule.shadows ?? [])])
    try {
      // Every text of a layer is read on the way; one without restrictions reads no more.
      changesBetween({ ...schedule, timeZone: layer.timeZone ?? zone, layers: [openEnded(layer)] }, now, now + dayMs);
      onCallAt({ ...schedule, layers: [layer], overrides: [] }, now);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      found.push({ reason: "layer-not-readable", subject: schedule.name, detail: `${layer.name}: ${error.message}` });
    }
  if (!isTimeZone(zone))
    found.push({ reason: "layer-not-readable", subject: schedule.name, detail: `there is no time zone "${zone}"` });
  return found;
}

/** In effect now, so that its windows are read as well. */
function openEnded(layer: Layer): Layer {
  wallOf(layer.effectiveFrom);
  if (layer.effectiveUntil !== undefined) wallOf(layer.effectiveUntil);
  const { effectiveUntil: _, ...rest } = layer;
  return { ...rest, effectiveFrom: "2000-01-01T00:00" };
}

function peopleFindings({ people }: OnCallBook): OnCallFinding[] {
  return people.flatMap(({ name, contacts, timeZone }): OnCallFinding[] => [
    ...(contacts.length === 0
      ? [{ reason: "person-without-contact" as const, subject: name, detail: `${name} has no contact` }]
      : []),
    ...(isTimeZone(timeZone)
      ? []
      : [{ reason: "layer-not-readable" as const, subject: name, detail: `there is no time zone "${timeZone}"` }]),
  ]);
}

function scheduleFindings(schedule: Schedule, book: OnCallBook, now: number, toAt: number): OnCallFinding[] {
  const subject = schedule.name;
  const found: OnCallFinding[] = [];
  const layers = [...schedule.layers, ...(schedule.shadows ?? [])].filter((layer) => !isOver(layer, schedule, now));
  const coming = schedule.overrides.filter((override) => override.toAt > now && override.fromAt < toAt);
  const named = [
    ...layers.flatMap((layer) => layer.rotation.people.map((person) => ({ person, by: `layer ${layer.name}` }))),
    ...coming.map(({ person }) => ({ person, by: "an override" })),
  ];
  for (const { person, by } of uniqueBy(named, ({ person }) => person))
    if (!book.people.some(({ name }) => name === person))
      found.push({ reason: "person-unknown", subject, detail: `${by} names ${person}` });
  for (const { name, rotation } of schedule.layers.filter((layer) => layers.includes(layer)))
    if (new Set(rotation.people).size === 1)
      found.push({ reason: "person-alone", subject, detail: `layer ${name} has ${rotation.people[0] ?? ""} alone` });
  const empty = gaps(schedule, now, toAt);
  const first = empty[0];
  if (first) {
    const minutes = Math.round(empty.reduce((sum, gap) => sum + gap.toAt - gap.fromAt, 0) / 60_000);
    const detail = `${empty.length} times, ${minutes} minutes in all, first from ${isoOf(first.fromAt)} to ${isoOf(first.toAt)}`;
    found.push({ reason: "schedule-gap", subject, detail, fromAt: first.fromAt });
  }
  return found;
}

function policyFindings(
  policy: EscalationPolicy,
  book: OnCallBook,
  broken: ReadonlySet<string>,
  now: number,
  toAt: number,
): OnCallFinding[] {
  const subject = policy.name;
  const last = policy.steps.at(-1);
  if (!last) return [{ reason: "policy-without-step", subject, detail: "it has no step" }];
  const found: OnCallFinding[] = [];
  for (const target of uniqueBy(
    policy.steps.flatMap(({ notify }) => notify),
    wordsOf,
  )) {
    const reached = reach(target, book, now);
    if (reached.person !== undefined || ("schedule" in target && broken.has(target.schedule))) continue;
    if (reached.reason === "schedule-unknown" || ("person" in target && reached.reason === "person-unknown"))
      found.push({ reason: reached.reason, subject, detail: `a step names ${wordsOf(target)}` });
  }
  const fromAt = firstWithNobody(last.notify, book, now, toAt);
  if (fromAt !== undefined) {
    const whom = last.notify.map(wordsOf).join(", ") || "nobody";
    const detail = `the last step notifies ${whom}, which reaches nobody from ${isoOf(fromAt)}`;
    found.push({ reason: "policy-ends-at-nobody", subject, detail, fromAt });
  }
  return found;
}

/** The first instant at which none of the targets reaches anybody. */
function firstWithNobody(targets: readonly Target[], book: OnCallBook, now: number, toAt: number): number | undefined {
  const changes = targets.flatMap((target) => {
    const schedule = "schedule" in target && book.schedules.find(({ name }) => name === target.schedule);
    return schedule ? changesBetween(schedule, now, toAt) : [];
  });
  return [now, ...changes.sort((a, b) => a - b)].find((at) =>
    targets.every((target) => reach(target, book, at).person === undefined),
  );
}

function isOver(layer: Layer, schedule: Schedule, now: number): boolean {
  const zone = layer.timeZone ?? schedule.timeZone;
  return layer.effectiveUntil !== undefined && wallOf(layer.effectiveUntil) <= wallAt(zone, now);
}

function wordsOf(target: Target): string {
  return "person" in target ? `person ${target.person}` : `schedule ${target.schedule}`;
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [key(item), item])).values()].reverse();
}

function isoOf(at: number): string {
  return new Date(at).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z");
}
