import { formatDuration } from "../alerts/duration.ts";
import type { NoticeAlert } from "../alerts/notice/types.ts";
import { severityRank } from "../alerts/severity.ts";
import type { MessageBody, MessageLink } from "../outbox/types.ts";
import type { RespondContext } from "./draft.ts";
import type { Episode } from "./types.ts";

const mostListed = 8;

/** One line for a group: its worst alert, and how many more. */
export function titleOf(alerts: readonly NoticeAlert[]): string {
  const firing = alerts.filter(({ status }) => status === "firing");
  const [worst, ...others] = (firing.length > 0 ? firing : alerts).toSorted(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || a.startsAt - b.startsAt,
  );
  if (!worst) return "An alert without a name";
  const name = worst.summary || worst.labels["alertname"] || "An alert without a name";
  return others.length === 0 ? name : `${name} And ${others.length} more.`;
}

type Said = "new" | "more" | "again" | "acknowledged" | "ended" | "not-taken";

/** What a message about an episode says; `note` stands first. */
export function bodyOf(
  episode: Episode,
  said: Said,
  { settings: { publicUrl }, now }: RespondContext,
  extra: { note?: string; links?: readonly MessageLink[] } = {},
): MessageBody {
  const { alerts, title, severity, incident, toldSince } = episode;
  const firing = alerts.filter(({ status }) => status === "firing");
  const [first] = firing.length > 0 ? firing : alerts;
  const isOver = said === "ended";
  const lines = [
    extra.note,
    isOver ? `It lasted ${lasted(now - startOf(episode))}.` : first?.description,
    firing.length > 1 ? listOf(firing) : undefined,
    alerts.some(({ isUnknown }) => isUnknown)
      ? "Facts behind it are missing or old: whether it still holds is not known."
      : undefined,
    !isOver && first?.playbook ? `What to do: ${first.playbook}` : undefined,
    isOver ? undefined : `Since ${utc(startOf(episode) || toldSince)}.`,
  ];
  return {
    title,
    severity,
    text: lines.filter((line) => line !== undefined && line !== "").join("\n\n"),
    links: [
      ...(extra.links ?? []),
      ...(incident === undefined
        ? [{ label: "Alerts", url: `${publicUrl}/alerts` }]
        : [{ label: incident, url: `${publicUrl}/incidents/${incident}` }]),
      ...(first?.runbook ? [{ label: "Runbook", url: first.runbook }] : []),
    ],
  };
}

function startOf({ alerts, toldSince }: Episode): number {
  return alerts.length === 0 ? toldSince : Math.min(...alerts.map(({ startsAt }) => startsAt));
}

function listOf(alerts: readonly NoticeAlert[]): string {
  const rest = alerts.length - mostListed;
  const lines = alerts.slice(0, mostListed).map(({ summary, labels }) => `- ${summary || (labels["alertname"] ?? "")}`);
  return [...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n");
}

function lasted(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return formatDuration((seconds < 120 ? seconds : Math.round(seconds / 60) * 60) * 1_000);
}

/** "2026-11-26 14:05:07 UTC" */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
