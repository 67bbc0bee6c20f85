import type { AlertGroup } from "../alerts/notice/types.ts";
import type { AlertState } from "../alerts/state/types.ts";
import { afterClockStep } from "../oncall/after-clock-step.ts";
import { putEpisode, type Draft } from "./draft.ts";

/** After a clock that was ahead was set back: what is said to have happened later than now counts as now, so that nothing waits for the old time to come again. */
export function healClock(draft: Draft, now: number): void {
  const { state } = draft;
  if (state.alerts.some((alert) => latestOf(alert) > now))
    state.alerts = state.alerts.map((alert) => (latestOf(alert) > now ? alertUntil(alert, now) : alert));
  if (state.groups.some(({ toldAt, waitsSince }) => Math.max(toldAt, waitsSince) > now))
    state.groups = state.groups.map((group) => groupUntil(group, now));
  for (const episode of state.episodes) {
    const escalation = episode.escalation && afterClockStep(episode.escalation, now);
    if (escalation !== episode.escalation) putEpisode(draft, { ...episode, escalation });
  }
}

function latestOf({ activeAt, firedAt, endedAt, unknownSince }: AlertState): number {
  return Math.max(activeAt, firedAt, endedAt, unknownSince);
}

function alertUntil(alert: AlertState, now: number): AlertState {
  const { activeAt, firedAt, endedAt, unknownSince } = alert;
  const past = { activeAt: Math.min(activeAt, now), firedAt: Math.min(firedAt, now) };
  return { ...alert, ...past, endedAt: Math.min(endedAt, now), unknownSince: Math.min(unknownSince, now) };
}

function groupUntil(group: AlertGroup, now: number): AlertGroup {
  return { ...group, toldAt: Math.min(group.toldAt, now), waitsSince: Math.min(group.waitsSince, now) };
}
