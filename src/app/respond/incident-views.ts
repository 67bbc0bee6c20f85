import type { IncidentDetail, IncidentRow, IsolationOffer } from "../../api/contract-respond.ts";
import { contentFor, entriesFor, type ReaderRole } from "../../incidents/disclose/content-for.ts";
import type { IsolationOffer as PlannedOffer } from "../../incidents/isolation/types.ts";
import type { Incident, TimelineEntry } from "../../incidents/types.ts";
import type { OutboxMessage } from "../../outbox/types.ts";
import type { Episode, RespondState } from "../../respond/types.ts";
import { showEpisode } from "./alert-views.ts";
import { embargoedTitle } from "./embargo-for.ts";
import { showPage } from "./page-views.ts";

/** A line of the list; of an embargoed one, for those who may not see more, that it is one. */
export function showIncidentRow(
  incident: Incident,
  { episodes }: Pick<RespondState, "episodes">,
  reader: ReaderRole,
): IncidentRow {
  const { reference, type, severity, status, instants, roles } = incident;
  const content = contentFor(incident, reader);
  const { declaredAt = 0, acknowledgedAt, resolvedAt } = instants;
  return {
    ...{
      reference,
      type,
      severity,
      status,
      title: content?.title ?? embargoedTitle,
      isEmbargoed: type === "vulnerability",
    },
    ...{ scope: content?.assessment?.scope ?? "unknown", declaredAt, acknowledgedAt, resolvedAt },
    commander: content ? roles.commander : undefined,
    alertsFiring: episodes
      .filter((episode) => episode.incident === reference)
      .reduce((sum, { alerts }) => sum + alerts.filter(({ status: each }) => each === "firing").length, 0),
  };
}

export interface IncidentFacts {
  state: RespondState;
  timeline: readonly TimelineEntry[];
  /** Of its episodes, newest first. */
  messages: readonly OutboxMessage[];
  offers: readonly PlannedOffer[];
}

/** Everything of one incident. */
export function showIncident(incident: Incident, facts: IncidentFacts, reader: ReaderRole): IncidentDetail {
  const { source, roles, instants, holds, mergedInto, reference } = incident;
  const content = contentFor(incident, reader);
  const episodes = facts.state.episodes.filter((episode) => episode.incident === reference);
  return {
    ...showIncidentRow(incident, facts.state, reader),
    ...{ summary: content?.summary ?? "", source, roles: content ? roles : {}, instants, holds, mergedInto },
    ...{ labelSets: content?.labelSets ?? [], assessment: content?.assessment, tasks: content?.tasks ?? [] },
    timeline: entriesFor(incident, facts.timeline, reader),
    episodes: content ? episodes.map(showEpisode) : [],
    offers: content ? facts.offers.map(showOffer) : [],
    pages: content ? facts.messages.map(showPage) : [],
    playbooks: content ? playbooksOf(episodes) : [],
  };
}

function showOffer({ steps: _, ...offer }: PlannedOffer): IsolationOffer {
  return offer;
}

function playbooksOf(episodes: readonly Episode[]): IncidentDetail["playbooks"] {
  const alerts = episodes.flatMap((episode) => episode.alerts).filter(({ playbook }) => playbook !== "");
  const byText = new Map(
    alerts.map(({ labels, playbook, runbook }) => [
      playbook,
      { alert: labels["alertname"] ?? "", text: playbook, runbook },
    ]),
  );
  return [...byText.values()];
}
