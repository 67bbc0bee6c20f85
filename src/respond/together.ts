import { labelOf } from "../alerts/labels.ts";
import { episodeOf, incidentOf, type Draft, type RespondContext } from "./draft.ts";
import { joinIndexOf } from "./join-index.ts";
import { togetherMs } from "./subjects.ts";
import { beginEscalation } from "./paging.ts";
import { routeOf } from "./route.ts";
import type { Episode } from "./types.ts";

/**
 * The alarm of the same incident for which the same people are being paged, begun just before: one page is enough for both. Once
 * somebody has answered, or some time later, a new alarm is news and pages again; security always does.
 */
export function pagedTogether(
  draft: Draft,
  { now }: RespondContext,
  episode: Episode,
  policy: string | undefined,
): Episode | undefined {
  if (episode.incident === undefined || labelOf(episode.labels, "class") === "security") return undefined;
  const index = (draft.joins ??= joinIndexOf(draft.state));
  for (const id of index.alike(episode.incident, episode)) {
    const other = episodeOf(draft, id);
    const isOther = other !== undefined && id !== episode.id && other.incident === episode.incident;
    if (isOther && isPagedNow(other, policy, now)) return other;
  }
  return undefined;
}

function isPagedNow({ endedAt, policy, escalation }: Episode, wanted: string | undefined, now: number): boolean {
  if (endedAt !== 0 || policy !== wanted) return false;
  if (escalation?.kind !== "pending" && escalation?.kind !== "triggered") return false;
  return escalation.startedAt > now - togetherMs;
}

/** What people were paged for has ended before anybody answered: whatever began with it and goes on is theirs to hear of now. */
export function followTogether(draft: Draft, context: RespondContext): void {
  for (const episode of draft.state.episodes) {
    const { pagedWith, escalation, endedAt, incident } = episode;
    if (pagedWith === undefined || escalation || endedAt !== 0) continue;
    const other = episodeOf(draft, pagedWith);
    const isTaken = incidentOf(draft, incident)?.instants.acknowledgedAt !== undefined;
    if ((other && other.endedAt === 0) || isTaken || incidentOf(draft, incident) === undefined) continue;
    const { policy } = routeOf(context.settings, episode.labels, episode.severity);
    if (policy !== undefined) beginEscalation(draft, context, episode, policy);
  }
}
