import { acknowledgeIncident } from "../incidents/acknowledge.ts";
import { declareIncident } from "../incidents/declare.ts";
import { groupEnded } from "../incidents/group-ended.ts";
import { incidentReasons } from "../incidents/reasons.ts";
import { joinGroup } from "../incidents/join-group.ts";
import { resolveIncident } from "../incidents/resolve.ts";
import { isSlashingAlert } from "../incidents/severity.ts";
import { isOpen } from "../incidents/status.ts";
import { systemAuthor } from "../incidents/timeline.ts";
import type { Incident } from "../incidents/types.ts";
import type { Done, VerbResult } from "../incidents/verb-result.ts";
import { AppError } from "../lib/app-error.ts";
import { reach } from "../oncall/reach.ts";
import { bookOf, episodeOf, incidentOf, putEpisode, putIncident, type Draft, type RespondContext } from "./draft.ts";
import { tellUnplaced } from "./holds.ts";
import { joinIndexOf } from "./join-index.ts";
import { incidentReference } from "./references.ts";
import type { RespondReasonCode } from "./reasons.ts";
import { routeOf } from "./route.ts";
import { isAboutDuties, joinLabels, togetherMs } from "./subjects.ts";
import type { Episode } from "./types.ts";

/** Alarms about the same thing that begin so close to each other are one incident. */
const joinWindowMs = 30 * 60_000;
/** In a storm the sixth alarm within ten minutes opens no incident of its own: it joins the newest. */
const stormIncidents = 5;
const stormMs = 10 * 60_000;
/** Alert groups of one incident. */
const mostGroups = 1_000;

/** The verb's result in the draft; a refusal is an answer to whoever asked. */
export function applyVerb(draft: Draft, result: VerbResult): Incident {
  if (result.kind === "refused") {
    const { long } = incidentReasons[result.reason];
    throw new AppError(`change this incident: ${long} (${result.detail})`, { code: "conflict" });
  }
  return applyDone(draft, result);
}

function applyDone(draft: Draft, { incident, entries }: Done): Incident {
  putIncident(draft, incident);
  draft.entries.push(...entries);
  return incident;
}

/** With the code at the end of what the timeline says. */
function withReason(result: Done, reason: RespondReasonCode): Done {
  return { ...result, entries: result.entries.map((entry) => ({ ...entry, text: `${entry.text} (${reason})` })) };
}

/** The alarm's incident: the open one that it belongs to, or a new one. */
export function incidentForEpisode(draft: Draft, context: RespondContext, id: string): void {
  const episode = episodeOf(draft, id);
  if (!episode) return;
  const { groupKey, title } = episode;
  const known = incidentOf(draft, episode.incident) ?? openIncidentFor(draft, context, episode);
  const result = known && joinGroup(known, { groupKey, title }, context.now);
  const incident =
    result?.kind === "done" && known && isOpen(known) ? applyDone(draft, result) : declareFor(draft, context, episode);
  putEpisode(draft, { ...episode, incident: incident.reference });
  draft.joins?.add(incident.reference, episode);
  if (episode.alerts.some(isSlashingAlert)) tellUnplaced(draft, context, incident.reference, episode);
}

function openIncidentFor(draft: Draft, { now }: RespondContext, episode: Episode): Incident | undefined {
  const index = (draft.joins ??= joinIndexOf(draft.state));
  const same = incidentOf(draft, index.ofGroup(episode.groupKey));
  if (same) return same;
  const isSlashing = episode.alerts.some(isSlashingAlert);
  const near = draft.state.incidents
    .filter((incident) => isJoinable(incident, isSlashing) && declaredAt(incident) > now - joinWindowMs)
    .sort((a, b) => declaredAt(a) - declaredAt(b));
  const related =
    near.find(({ reference }) => index.isAbout(reference, episode.labels)) ??
    near.find(({ reference }) => isAboutDuties(episode) && index.dutiesSince(reference) > now - togetherMs);
  if (related || isSlashing) return related;
  const lately = near.filter((incident) => declaredAt(incident) > now - stormMs);
  return lately.length >= stormIncidents ? lately.at(-1) : undefined;
}

/** A slashing takes in slashings only. One that is full of alarms takes in no more, so that no incident grows without bound. */
function isJoinable(incident: Incident, isSlashing: boolean): boolean {
  const { type, source, groupKeys } = incident;
  if (!isOpen(incident) || type === "vulnerability" || source.kind !== "alert") return false;
  return (type === "slashing") === isSlashing && groupKeys.length < mostGroups;
}

function declaredAt({ instants }: Incident): number {
  return instants.declaredAt ?? 0;
}

function declareFor(draft: Draft, context: RespondContext, episode: Episode): Incident {
  const { title, groupKey, alerts, labels } = episode;
  const commander = firstOnCall(draft, context, episode);
  const result = declareIncident(
    {
      ...{ reference: nextReference(draft), title, source: { kind: "alert", groupKey }, alerts },
      ...{ impactStartedAt: Math.min(...alerts.map(({ startsAt }) => startsAt), context.now) },
      labels: subjectOf(labels),
      ...(commander !== undefined && { commander }),
    },
    context.now,
  );
  if (result.kind === "refused") throw new TypeError(`an alarm could not open an incident: ${result.reason}`);
  return applyDone(draft, result);
}

/** What an alarm is about; that it is critical, or whose rule it is, are no such thing. */
function subjectOf(labels: Episode["labels"]) {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => joinLabels.includes(name)));
}

export function nextReference(draft: Draft): string {
  const reference = incidentReference(draft.state.nextIncident);
  draft.state.nextIncident += 1;
  return reference;
}

function firstOnCall(draft: Draft, context: RespondContext, { labels, severity }: Episode): string | undefined {
  const { policy: name } = routeOf(context.settings, labels, severity);
  const policy = context.settings.policies.find((each) => each.name === name);
  const book = bookOf(draft.state, context.settings);
  for (const target of policy?.steps[0]?.notify ?? []) {
    const { person } = reach(target, book, context.now);
    if (person !== undefined) return person;
  }
  return undefined;
}

/** Whoever acknowledged an alarm has taken its incident; of what is over or taken already nothing changes. */
export function takeIncident(draft: Draft, incident: Incident, by: string, now: number): Incident {
  if (!isOpen(incident) || incident.instants.acknowledgedAt !== undefined) return incident;
  const result = acknowledgeIncident(incident, { by }, now);
  return result.kind === "done" ? applyDone(draft, result) : incident;
}

/** Incidents follow their alarms: all ended, or one fires again; what nobody took ends by itself a while after its alarms. */
export function followAlerts(draft: Draft, context: RespondContext): void {
  const { now, settings } = context;
  const { episodes } = draft.state;
  const ended = episodes.filter(({ endedAt }) => endedAt !== 0);
  const open = ended.length === 0 ? [] : episodes.filter(({ endedAt }) => endedAt === 0);
  const openOf = Map.groupBy(open, ({ incident }) => incident);
  for (const episode of ended) {
    const incident = incidentOf(draft, episode.incident);
    if (!incident) continue;
    const firing = (openOf.get(incident.reference) ?? []).map(({ groupKey }) => groupKey);
    const result = groupEnded(incident, { groupKey: episode.groupKey, title: episode.title, firing }, now);
    if (result.kind === "done") applyDone(draft, result);
  }
  for (const incident of draft.state.incidents) {
    const { status, alertsEndedAt, source } = incident;
    // What a person declared is a person's to close.
    if (status !== "triage" || source.kind === "person") continue;
    if (alertsEndedAt === 0 || now - alertsEndedAt < settings.closeUntakenAfterMs) continue;
    const result = resolveIncident(incident, { by: systemAuthor }, now);
    if (result.kind === "done") applyDone(draft, withReason(result, "closed-untaken"));
  }
}
