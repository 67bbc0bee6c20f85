import { contentFor, type ReaderRole } from "../../incidents/disclose/content-for.ts";
import type { OutboxMessage } from "../../outbox/types.ts";
import { episodeIdOf } from "../../respond/references.ts";
import { episodeOfRow, incidentOfRow } from "../../respond/rows.ts";
import type { DeskParts } from "./desk-parts.ts";

/** What of an embargoed incident stands where its title would. */
export const embargoedTitle = "Embargoed";

/** Which incident a message speaks of that this reader may not read of; `undefined`: they may read it. */
export type EmbargoFor = (message: Pick<OutboxMessage, "dedupKey">) => Promise<string | undefined>;

/** For one answer: what it looked up is looked up once. */
export function embargoFor({ engine, store }: Pick<DeskParts, "engine" | "store">, reader: ReaderRole): EmbargoFor {
  const { episodes, incidents } = engine.state();
  const openEpisodes = new Map(episodes.map((episode) => [episode.id, episode]));
  const openIncidents = new Map(incidents.map((incident) => [incident.reference, incident]));
  const known = new Map<string, Promise<boolean>>();

  async function isHidden(reference: string): Promise<boolean> {
    const row = openIncidents.has(reference) ? undefined : await store.row("incident", reference);
    const incident = openIncidents.get(reference) ?? (row && incidentOfRow(row));
    return incident !== undefined && contentFor(incident, reader) === undefined;
  }

  return async ({ dedupKey }) => {
    const id = episodeIdOf(dedupKey);
    const row = openEpisodes.has(id) ? undefined : await store.row("episode", id);
    const { incident } = openEpisodes.get(id) ?? (row ? episodeOfRow(row) : { incident: undefined });
    if (incident === undefined) return undefined;
    const hidden = known.get(incident) ?? isHidden(incident);
    known.set(incident, hidden);
    return (await hidden) ? incident : undefined;
  };
}
