import { labelOf } from "../alerts/labels.ts";
import { addNote } from "../incidents/add-note.ts";
import { holdsForSlashing, type SlashingHolds } from "../incidents/isolation/holds-for-slashing.ts";
import { isSlashingAlert } from "../incidents/severity.ts";
import { setHold } from "../incidents/set-hold.ts";
import { systemAuthor } from "../incidents/timeline.ts";
import type { VerbResult } from "../incidents/verb-result.ts";
import { incidentOf, putIncident, type Draft, type RespondContext } from "./draft.ts";
import type { Episode } from "./types.ts";

/**
 * Own validators were slashed: the signing inputs of their owners' groups are to be withheld, at every gateway that has the
 * group, as soon as it is known to have it. What was held before, or released by a person, stays as it is.
 */
export function followSlashings(draft: Draft, context: RespondContext): void {
  for (const { type, reference } of draft.state.incidents) {
    if (type !== "slashing") continue;
    const episodes = draft.state.episodes.filter(({ incident, endedAt }) => incident === reference && endedAt === 0);
    for (const { gateway, group, detail } of placesOf(context, episodes).holds) {
      const incident = incidentOf(draft, reference);
      if (!incident || incident.holds.some((hold) => hold.gateway === gateway && hold.group === group)) continue;
      keep(draft, setHold(incident, { gateway, group, state: "wanted", detail, by: systemAuthor }, context.now));
    }
  }
}

/** Says once for an alarm whose validators' group no gateway is known to have. */
export function tellUnplaced(draft: Draft, context: RespondContext, reference: string, episode: Episode): void {
  const { unplaced } = placesOf(context, [episode]);
  const incident = incidentOf(draft, reference);
  if (unplaced.length === 0 || !incident) return;
  const customers = [...new Set(unplaced.map(({ customer }) => customer))].join(", ");
  const text = `Nothing is held for ${customers}: no gateway that has answered has their group of nodes. Stop their validator clients by hand.`;
  keep(draft, addNote(incident, { text, by: systemAuthor, kind: "action" }, context.now));
}

/** Where all gateways have one and the same group, it is that one, whatever the inventory says. */
function placesOf({ gateways }: RespondContext, episodes: readonly Episode[]): SlashingHolds {
  const names = new Set(gateways.flatMap(({ groups }) => groups));
  const [only] = names.size === 1 ? names : [];
  const slashed = episodes
    .flatMap(({ alerts }) => alerts.filter((alert) => alert.status === "firing" && isSlashingAlert(alert)))
    .map(({ labels }) => {
      const group = only ?? (labelOf(labels, "group") || undefined);
      return { customer: labelOf(labels, "customer") || "customer unknown", group };
    });
  return holdsForSlashing(slashed, gateways);
}

function keep(draft: Draft, result: VerbResult): void {
  if (result.kind !== "done") return;
  putIncident(draft, result.incident);
  draft.entries.push(...result.entries);
}
