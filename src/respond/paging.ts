import { escalate, startEscalation } from "../oncall/escalate.ts";
import type { Escalation, EscalationEvent, EscalationResult } from "../oncall/escalation.ts";
import { bookOf, episodeOf, putEpisode, type Draft, type RespondContext } from "./draft.ts";
import { pageEntry } from "./entries.ts";
import { pagePerson } from "./page-person.ts";
import { bodyOf } from "./texts.ts";
import { addTold, teamName } from "./told.ts";
import type { Episode } from "./types.ts";

/** The escalation of an episode begins, or begins anew. Where the policy is gone, nobody is paged, and the timeline says so. */
export function beginEscalation(
  draft: Draft,
  context: RespondContext,
  episode: Episode,
  name: string | undefined,
): void {
  const { now, settings } = context;
  const policy = settings.policies.find((each) => each.name === name);
  if (!policy || name === undefined) {
    const why = name === undefined ? "its route names no escalation policy" : `there is no escalation policy "${name}"`;
    return pageEntry(draft, episode, now, "no-policy", `Nobody is paged: ${why}.`);
  }
  if (episode.escalation) pageEntry(draft, episode, now, "fires-on", "People are paged for it again.");
  const result = startEscalation(policy, now, bookOf(draft.state, settings));
  take(draft, context, { ...episode, policy: name }, result);
}

/** What an event makes of an episode's escalation. */
export function moveEscalation(draft: Draft, context: RespondContext, id: string, event: EscalationEvent): void {
  const episode = episodeOf(draft, id);
  if (!episode?.escalation) return;
  const result = escalate(episode.escalation, event, bookOf(draft.state, context.settings));
  if (result.state === episode.escalation && result.pages.length === 0) return;
  take(draft, context, episode, result);
}

/** Pages every step that is due, and tells when nobody is left to page. */
export function sweepEscalations(draft: Draft, context: RespondContext): void {
  for (const { id, escalation, endedAt } of draft.state.episodes)
    if (endedAt === 0 && isDue(escalation, context.now))
      moveEscalation(draft, context, id, { kind: "sweep", at: context.now });
}

function isDue(escalation: Escalation | undefined, now: number): boolean {
  return escalation?.dueAt !== undefined && escalation.dueAt <= now;
}

function take(draft: Draft, context: RespondContext, episode: Episode, result: EscalationResult): void {
  const { now } = context;
  const before = episode.escalation;
  putEpisode(draft, { ...episode, escalation: result.state });
  for (const { target, reason, step, round } of result.notes.filter((note) => note.reason !== "page-sent")) {
    const whom = target === undefined ? `step ${step + 1}` : "schedule" in target ? target.schedule : target.person;
    pageEntry(draft, episode, now, reason, `${whom} is not paged.`, `${round}.${step} ${whom}`);
  }
  if (result.reason === "acknowledgement-expired")
    pageEntry(draft, episode, now, "acknowledgement-over", "It did not end: people are paged again.");
  for (const page of result.pages) pagePerson(draft, context, episode.id, page);
  if (result.state.kind === "expired" && before?.kind !== "expired") tellNobodyTook(draft, context, episode.id);
}

/** Every round is over and nobody answered: the places of last resort hear of it. */
function tellNobodyTook(draft: Draft, context: RespondContext, id: string): void {
  const episode = episodeOf(draft, id);
  if (!episode) return;
  const note = "Nobody acknowledged this page, and nobody is left to page.";
  pageEntry(draft, episode, context.now, "nobody-left", note);
  for (const place of context.settings.fallbacks) {
    const recipient = teamName(place);
    draft.messages.push({
      ...{ ...place, recipient, groupKey: episode.groupKey, kind: "firing", fallbacks: [] },
      dedupKey: `${id} nobody ${context.now} ${recipient}`,
      body: bodyOf(episode, "not-taken", context, { note }),
    });
    addTold(draft, id, { ...place, recipient, kind: "firing" });
  }
}
