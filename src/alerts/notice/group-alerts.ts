import { fingerprintOf, labelKey, pickLabels, trimLabels, type Labels } from "../labels.ts";
import type { AlertReasonCode } from "../reasons.ts";
import { severityRank, worstSeverity } from "../severity.ts";
import type { AlertGroup, FiringAlert, GroupingSettings, GroupMember, Notice, NoticeAlert } from "./types.ts";

export interface Grouping {
  /** Sorted by key. */
  groups: AlertGroup[];
  notices: Notice[];
}

/**
 * The groups after one look at all alerts that fire, and what is to be told. What fired and ended before anybody was told
 * yields nothing. What was told is told again when it ends, whatever suppresses it by then. To be called when an alert
 * changes and at every `dueAt`; calling it more often changes nothing.
 */
export function groupAlerts(
  groups: readonly AlertGroup[],
  alerts: readonly FiringAlert[],
  settings: GroupingSettings,
  now: number,
): Grouping {
  const labelsOf = (labels: Labels) =>
    settings.groupBy.includes("...") ? trimLabels(labels) : pickLabels(labels, settings.groupBy);
  const byKey = Map.groupBy(alerts, ({ labels }) => labelKey(labelsOf(labels)));
  const result: Grouping = { groups: [], notices: [] };
  const before = new Map(groups.map((group) => [labelKey(group.labels), group]));
  for (const key of new Set([...before.keys(), ...byKey.keys()])) {
    const firing = byKey.get(key) ?? [];
    const group = before.get(key) ?? newGroup(labelsOf(firing[0]?.labels ?? {}));
    const next = lookAt(withMembers(group, firing, now), settings, now);
    if (next.notice) result.notices.push(next.notice);
    if (next.group.members.length > 0) result.groups.push(next.group);
  }
  result.groups.sort((a, b) => (a.groupKey < b.groupKey ? -1 : 1));
  result.notices.sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || (a.groupKey < b.groupKey ? -1 : 1),
  );
  return result;
}

function newGroup(labels: Labels): AlertGroup {
  const told = { waitsSince: 0, toldSince: 0, toldAt: 0, toldRank: 0 };
  return { groupKey: fingerprintOf(labels), labels, dueAt: null, ...told, members: [] };
}

/** What fires now, and what was told and has ended since. */
function withMembers(group: AlertGroup, firing: readonly FiringAlert[], now: number): AlertGroup {
  const known = new Map(group.members.map((member) => [member.fingerprint, member]));
  const members = new Map<string, GroupMember>();
  for (const alert of firing)
    members.set(alert.fingerprint, { ...alert, isTold: known.get(alert.fingerprint)?.isTold ?? false, endsAt: 0 });
  for (const member of group.members)
    if (member.isTold && !members.has(member.fingerprint))
      members.set(member.fingerprint, { ...member, endsAt: member.endsAt === 0 ? now : member.endsAt });
  return { ...group, members: [...members.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)) };
}

function lookAt(
  group: AlertGroup,
  settings: GroupingSettings,
  now: number,
): { group: AlertGroup; notice: Notice | undefined } {
  const untold = group.members.filter((member) => !member.isTold && isAudible(member));
  const waitsSince = untold.length === 0 ? 0 : group.waitsSince || now;
  const waiting = { ...group, waitsSince };
  const plan = planOf(waiting, untold, settings);
  if (!plan || plan.at > now) return { group: { ...waiting, dueAt: dueAt(group, plan?.at, now) }, notice: undefined };
  const notice = noticeOf(group, plan, now);
  const told = afterNotice(group, notice);
  const next = planOf(told, [], settings);
  return { group: { ...told, dueAt: dueAt(told, next?.at, now) }, notice };
}

interface Plan {
  kind: Notice["kind"];
  reason: AlertReasonCode;
  at: number;
}

/** The next notice of a group if nothing changes. */
function planOf(group: AlertGroup, untold: readonly GroupMember[], settings: GroupingSettings): Plan | undefined {
  const told = group.members.filter(({ isTold }) => isTold);
  const worst = worstSeverity(untold.map(({ severity }) => severity));
  if (told.length === 0) {
    if (untold.length === 0) return undefined;
    return { kind: "firing", reason: "group-new", at: group.waitsSince + settings.waitMs[worst] };
  }
  const nextAt = group.toldAt + settings.intervalMs;
  if (untold.length > 0) {
    const isWorse = severityRank(worst) > group.toldRank;
    return { kind: "firing", reason: isWorse ? "group-worse" : "group-more", at: isWorse ? group.waitsSince : nextAt };
  }
  if (told.every(({ endsAt }) => endsAt !== 0)) return { kind: "resolve", reason: "group-resolved", at: nextAt };
  if (!told.some(isAudible)) return undefined;
  return { kind: "repeat", reason: "group-repeat", at: group.toldAt + settings.repeatMs };
}

function isAudible({ endsAt, suppressedBy }: GroupMember): boolean {
  return endsAt === 0 && suppressedBy.length === 0;
}

/** When the plan is due, or what suppresses an alert ends by itself. */
function dueAt({ members }: AlertGroup, plannedAt: number | undefined, now: number): number | null {
  const suppressions = members.flatMap(({ endsAt, suppressedBy }) => (endsAt === 0 ? suppressedBy : []));
  const ends = suppressions.flatMap(({ until = 0 }) => (until > now ? until : []));
  const all = plannedAt === undefined ? ends : [plannedAt, ...ends];
  return all.length === 0 ? null : Math.min(...all);
}

function noticeOf(group: AlertGroup, { kind, reason }: Plan, now: number): Notice {
  const alerts = group.members.filter((member) => member.isTold || isAudible(member)).map(toNoticeAlert);
  const firing = alerts.filter(({ status }) => status === "firing");
  const severity = worstSeverity((kind === "resolve" ? alerts : firing).map((alert) => alert.severity));
  const toldSince = group.toldSince || now;
  return { groupKey: group.groupKey, groupLabels: group.labels, kind, reason, severity, alerts, at: now, toldSince };
}

function toNoticeAlert({ isTold: _, ...alert }: GroupMember): NoticeAlert {
  return { ...alert, status: alert.endsAt === 0 ? "firing" : "resolved" };
}

/** What ended is told and forgotten; what fires and was in the notice is told. */
function afterNotice(group: AlertGroup, { kind, at, severity, toldSince }: Notice): AlertGroup {
  const members = group.members
    .filter(({ endsAt }) => endsAt === 0)
    .map((member) => ({ ...member, isTold: member.isTold || isAudible(member) }));
  if (kind === "resolve") return { ...newGroup(group.labels), members };
  return { ...group, members, waitsSince: 0, toldSince, toldAt: at, toldRank: severityRank(severity) };
}
