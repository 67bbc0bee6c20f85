import type { OnCallPage } from "../../api/contract-oncall.ts";
import { onCallReasons } from "../../oncall/reasons.ts";
import { duration } from "../../lib/amounts.ts";
import { textTable } from "../text-table.ts";
import { utc, when, type Here } from "./people-time.ts";
import { longOf, shortOf } from "./reason-words.ts";

/** Who is on call now, one schedule after the other. */
export function onCallNowText({ now: schedules }: OnCallPage, here: Here): string {
  if (schedules.length === 0) return "No schedule is configured: nobody is on call.\n";
  const lines = schedules.flatMap(({ schedule, person, until, next }) => [
    `${schedule}: ${person ?? "NOBODY"}${until === undefined ? "" : ` until ${when(until, here)}`}`,
    ...(next === undefined ? [] : [`  then ${next.person} from ${when(next.fromAt, here)}`]),
  ]);
  return `${lines.join("\n")}\n`;
}

/** Shifts to come, overrides, and the times at which nobody is on call. */
export function onCallNextText({ shifts, gaps, overrides, toAt }: OnCallPage, here: Here): string {
  const coming = shifts.filter(({ fromAt }) => fromAt > here.now).sort((a, b) => a.fromAt - b.fromAt);
  const rows = coming.map(({ schedule, person, fromAt, toAt: end, by }) => [
    ...[schedule, person, when(fromAt, here), duration(end - fromAt), by],
  ]);
  const lines = [
    ...(rows.length === 0
      ? [`No shift begins before ${utc(toAt)}.`]
      : textTable([["schedule", "person", "from", "for", "by"], ...rows])),
    ...(overrides.length === 0 ? [] : ["", "overrides"]),
    ...overrides.map(
      ({ id, schedule, person, fromAt, toAt: end, createdBy }) =>
        `  ${id}  ${schedule}: ${person} from ${when(fromAt, here)} for ${duration(end - fromAt)}, by ${createdBy}`,
    ),
    ...(gaps.length === 0 ? [] : ["", "NOBODY ON CALL"]),
    ...gaps.map(
      ({ schedule, fromAt, toAt: end }) => `  ${schedule}: from ${when(fromAt, here)} for ${duration(end - fromAt)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** What would leave a page without a reader, each with what to do. */
export function onCallCheckText({ findings, fromAt, toAt }: OnCallPage, here: Here): string {
  if (findings.length === 0)
    return `Somebody who can be reached is on call at every time of the next ${duration(toAt - fromAt)}.\n`;
  const lines = findings.flatMap(({ reason, subject, detail, fromAt: first }) => [
    `${subject}: ${shortOf(onCallReasons, reason)}: ${detail}`,
    ...(first === undefined ? [] : [`  from ${when(first, here)}`]),
    `  ${longOf(onCallReasons, reason)}`,
  ]);
  return `${lines.join("\n")}\n`;
}

export const onCallCheckStatus = ({ findings }: OnCallPage): number => (findings.length === 0 ? 0 : 1);
