import { acknowledgeIncident } from "../../incidents/acknowledge.ts";
import { revealContent } from "../../incidents/content.ts";
import { declineIncident } from "../../incidents/decline.ts";
import { declareIncident, type DeclareInput } from "../../incidents/declare.ts";
import { headlineOf } from "../../incidents/disclose/headline.ts";
import { mergeIncidents } from "../../incidents/merge.ts";
import { resolveIncident } from "../../incidents/resolve.ts";
import { alertSeverityOf } from "../../incidents/severity.ts";
import type { Incident } from "../../incidents/types.ts";
import type { VerbResult } from "../../incidents/verb-result.ts";
import { AppError } from "../../lib/app-error.ts";
import { episodeOf, incidentOf, putEpisode, putIncident, type Draft, type RespondContext } from "../draft.ts";
import { applyVerb, nextReference } from "../incident-steps.ts";
import { endEpisode } from "../notices.ts";
import { beginEscalation, moveEscalation } from "../paging.ts";
import { declaredGroupKey } from "../references.ts";
import type { Episode } from "../types.ts";
import { acknowledgeEpisode } from "./acknowledge.ts";

/** Throws `not-found` for one that is over or never was. */
export function openIncident(draft: Draft, reference: string): Incident {
  const incident = incidentOf(draft, reference);
  if (incident) return incident;
  throw new AppError(
    `change ${reference}: no open incident has this reference. \`slotkeeper incident list\` shows them.`,
    {
      code: "not-found",
    },
  );
}

/** Any of the verbs on one incident. */
export function changeIncident(
  draft: Draft,
  { now }: RespondContext,
  reference: string,
  verb: (incident: Incident, now: number) => VerbResult,
): void {
  hideTitle(draft, applyVerb(draft, verb(openIncident(draft, reference), now)));
}

/** What is under embargo now is not named in a message that is still to come. */
function hideTitle(draft: Draft, incident: Incident): void {
  if (incident.type !== "vulnerability") return;
  const title = headlineOf(incident);
  for (const episode of episodesOf(draft, incident.reference))
    if (episode.groupKey === declaredGroupKey(incident.reference) && episode.title !== title)
      putEpisode(draft, { ...episode, title });
}

/**
 * A person declares; `page`: by which escalation policy people are paged. The reference is that of an open incident with the same
 * `idempotencyKey`, where there is one. Throws `bad-request` for a policy that is not configured.
 */
export function declareByPerson(
  draft: Draft,
  context: RespondContext,
  input: Omit<DeclareInput, "reference" | "source"> & { by: string; page?: string | undefined },
): string {
  const { by, page, ...declared } = input;
  if (page !== undefined && !context.settings.policies.some(({ name }) => name === page))
    throw new AppError(`declare and page: there is no escalation policy of this name. ${whichPolicies(context)}`, {
      code: "bad-request",
    });
  const key = declared.idempotencyKey;
  const known = draft.state.incidents.find(({ idempotencyKey }) => key !== undefined && idempotencyKey === key);
  if (known) return known.reference;
  const reference = nextReference(draft);
  const result = declareIncident({ ...declared, reference, source: { kind: "person", by } }, context.now);
  const incident = applyVerb(draft, result);
  if (page !== undefined) pageFor(draft, context, incident, page, by);
  return reference;
}

/** What was asked for instead is not repeated: it may be part of something that is embargoed. */
function whichPolicies({ settings: { policies } }: RespondContext): string {
  if (policies.length === 0) return "None is configured: declare without it, or add one to onCall.policies.";
  return `Declare without it, or by one of these: ${policies.map(({ name }) => name).join(", ")}.`;
}

/** An incident that a person declared is an alarm like any other, until it is resolved. */
function pageFor(draft: Draft, context: RespondContext, incident: Incident, policy: string, by: string): void {
  const { reference, severity } = incident;
  const isEmbargoed = incident.type === "vulnerability";
  const episode: Episode = {
    ...{
      id: `${declaredGroupKey(reference)}@${context.now}`,
      groupKey: declaredGroupKey(reference),
      toldSince: context.now,
    },
    title: isEmbargoed
      ? headlineOf(incident)
      : `${reference}, declared by ${by}: ${revealContent(incident, "verb").title}`,
    ...{ severity: alertSeverityOf(severity), labels: {}, alerts: [], incident: reference, policy: undefined },
    ...{ escalation: undefined, told: [], endedAt: 0 },
  };
  putEpisode(draft, episode);
  beginEscalation(draft, context, episode, policy);
}

/** Taking an incident acknowledges every page of it. */
export function acknowledgeByPerson(draft: Draft, context: RespondContext, reference: string, by: string): void {
  applyVerb(draft, acknowledgeIncident(openIncident(draft, reference), { by }, context.now));
  for (const { id, escalation } of episodesOf(draft, reference))
    if (escalation && !["acknowledged", "resolved"].includes(escalation.kind))
      acknowledgeEpisode(draft, context, id, by);
}

/** Nobody is paged for it any more. Its alarms end when their conditions do, and all who were told hear it then. */
export function resolveByPerson(
  draft: Draft,
  context: RespondContext,
  reference: string,
  { summary, by }: { summary: string | undefined; by: string },
): void {
  const input = { by, ...(summary !== undefined && { summary }) };
  applyVerb(draft, resolveIncident(openIncident(draft, reference), input, context.now));
  endOwn(draft, context, reference, by);
}

/** It was no incident: nobody is paged for it any more. */
export function declineByPerson(
  draft: Draft,
  context: RespondContext,
  reference: string,
  { reason, by }: { reason: string; by: string },
): void {
  applyVerb(draft, declineIncident(openIncident(draft, reference), { reason, by }, context.now));
  endOwn(draft, context, reference, by);
}

/** What an incident has open by itself ends with it. */
function endOwn(draft: Draft, context: RespondContext, reference: string, by: string): void {
  for (const { id, groupKey } of episodesOf(draft, reference)) {
    const episode = episodeOf(draft, id);
    if (!episode) continue;
    if (groupKey === declaredGroupKey(reference)) endEpisode(draft, context, episode, { person: by });
    else moveEscalation(draft, context, id, { kind: "resolve", at: context.now, by });
  }
}

/** Alarms and pages of the source go on in the target. */
export function mergeByPerson(
  draft: Draft,
  context: RespondContext,
  reference: string,
  into: string,
  by: string,
): void {
  const [source, target] = [openIncident(draft, reference), openIncident(draft, into)];
  const result = mergeIncidents(source, { target, by }, context.now);
  if (result.kind === "refused") return void applyVerb(draft, result);
  putIncident(draft, result.target);
  applyVerb(draft, result);
  for (const { id, groupKey } of episodesOf(draft, reference)) {
    const episode = episodeOf(draft, id);
    if (!episode) continue;
    putEpisode(draft, { ...episode, incident: into });
    if (groupKey === declaredGroupKey(reference))
      endEpisode(draft, context, { ...episode, incident: into }, { person: by });
  }
}

function episodesOf({ state }: Draft, reference: string): readonly Episode[] {
  return state.episodes.filter(({ incident, endedAt }) => incident === reference && endedAt === 0);
}
