import type { Notice } from "../alerts/notice/types.ts";
import type { Contact } from "../oncall/types.ts";
import type { MessageKind } from "../outbox/types.ts";
import { putEpisode, episodeOf, incidentOf, sharedLabels, type Draft, type RespondContext } from "./draft.ts";
import { incidentForEpisode } from "./incident-steps.ts";
import { pageEntry } from "./entries.ts";
import { beginEscalation, moveEscalation } from "./paging.ts";
import { routeOf } from "./route.ts";
import { pagedTogether } from "./together.ts";
import { bodyOf, titleOf } from "./texts.ts";
import { addTold, teamName } from "./told.ts";
import type { Episode } from "./types.ts";

/** What a notice makes of its episode, and the messages that follow from it. */
export function takeNotice(draft: Draft, context: RespondContext, notice: Notice): void {
  const id = `${notice.groupKey}@${notice.toldSince}`;
  const known = episodeOf(draft, id);
  if (notice.kind === "resolve") return known && endEpisode(draft, context, withAlerts(known, notice), "condition");
  const episode = known ? withAlerts(known, notice) : newEpisode(notice, id);
  putEpisode(draft, episode);
  const isNews = notice.kind === "firing";
  // That it still holds is no news: what a person has resolved stays so until it grows.
  if (isNews && isIncident(episode)) incidentForEpisode(draft, context, id);
  const { policy, tell } = routeOf(context.settings, episode.labels, episode.severity);
  tellTeams(draft, context, notice, { id, tell, said: known === undefined ? "new" : isNews ? "more" : "again" });
  const told = episodeOf(draft, id) ?? episode;
  const isTaken = incidentOf(draft, told.incident)?.instants.acknowledgedAt !== undefined;
  if (episode.severity === "critical" && isToBePaged(told, isNews, isTaken)) page(draft, context, told, policy);
}

/** People are paged, but for what began together with what they are being paged for. */
function page(draft: Draft, context: RespondContext, episode: Episode, policy: string | undefined): void {
  const other = pagedTogether(draft, context, episode, policy);
  if (!other) return beginEscalation(draft, context, episode, policy);
  const text = `Nobody is paged for this alarm: it began together with "${other.title}", for which people are paged.`;
  putEpisode(draft, { ...episode, pagedWith: other.id });
  pageEntry(draft, episode, context.now, "began-together", text);
}

/** Nobody was paged yet, and nobody has taken it either; or nobody is paged any more, and now there is more. */
function isToBePaged({ escalation }: Episode, isNews: boolean, isTaken: boolean): boolean {
  return escalation === undefined
    ? isNews || !isTaken
    : isNews && (escalation.kind === "resolved" || escalation.kind === "expired");
}

function tellTeams(
  draft: Draft,
  context: RespondContext,
  notice: Notice,
  { id, tell, said }: { id: string; tell: readonly Contact[]; said: "new" | "more" | "again" },
): void {
  const episode = episodeOf(draft, id);
  if (!episode) return;
  for (const { channel, address } of tell) {
    const place = { channel, address, recipient: teamName({ channel, address }) };
    const fallbacks = context.settings.fallbacks.filter((other) => teamName(other) !== place.recipient);
    draft.messages.push({
      ...{ ...place, groupKey: notice.groupKey, kind: "firing", fallbacks },
      dedupKey: `${id} ${notice.kind} ${notice.at} ${place.recipient}`,
      body: bodyOf(episode, said, context, said === "again" ? { note: "It still holds." } : {}),
    });
    addTold(draft, id, { ...place, kind: "firing" });
  }
}

/** Everybody who was told hears the end, once; nobody is paged for it any more. */
export function endEpisode(
  draft: Draft,
  context: RespondContext,
  episode: Episode,
  by: "condition" | { person: string },
): void {
  const { now } = context;
  putEpisode(draft, episode);
  const person = by === "condition" ? {} : { by: by.person };
  moveEscalation(draft, context, episode.id, { kind: "resolve", at: now, ...person });
  const current = episodeOf(draft, episode.id) ?? episode;
  putEpisode(draft, { ...current, endedAt: now });
  tellEverybody(draft, context, { ...current, endedAt: now }, "resolve", "ended");
}

/** The same to all who were told of an episode. */
export function tellEverybody(
  draft: Draft,
  context: RespondContext,
  episode: Episode,
  kind: MessageKind & ("resolve" | "acknowledge"),
  said: "ended" | "acknowledged",
  note?: string,
): void {
  for (const { kind: _, ...place } of episode.told)
    draft.messages.push({
      ...{ ...place, groupKey: episode.groupKey, kind, fallbacks: [] },
      dedupKey: `${episode.id} ${kind} ${context.now} ${place.recipient} ${place.channel} ${place.address}`,
      body: bodyOf(episode, said, context, note === undefined ? {} : { note }),
    });
}

function newEpisode(notice: Notice, id: string): Episode {
  const { groupKey, groupLabels, alerts, severity, toldSince } = notice;
  const labels = sharedLabels(alerts, groupLabels);
  return {
    ...{ id, groupKey, toldSince, alerts, severity, labels, title: titleOf(alerts), incident: undefined },
    ...{ policy: undefined, escalation: undefined, told: [], endedAt: 0 },
  };
}

/** The title of what has ended stays as people know it. */
function withAlerts(episode: Episode, { alerts, severity, groupLabels, kind }: Notice): Episode {
  const title = kind === "resolve" ? episode.title : titleOf(alerts);
  return { ...episode, alerts, severity, title, labels: sharedLabels(alerts, groupLabels) };
}

/** What wakes people is an incident; a made-up alert is none. */
function isIncident({ severity, labels }: Episode): boolean {
  return severity === "critical" && labels["test"] !== "true";
}
