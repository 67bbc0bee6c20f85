import { labelOf, type Labels } from "../alerts/labels.ts";
import { revealContent } from "../incidents/content.ts";
import { isOpen } from "../incidents/status.ts";
import { isAboutDuties, joinLabels } from "./subjects.ts";
import type { Episode, RespondState } from "./types.ts";

type Indexed = Pick<Episode, "id" | "groupKey" | "labels" | "toldSince">;

/** Which open incident an alarm may belong to, found without looking through all alarms. */
export interface JoinIndex {
  /** Reference of the incident that has this alert group. */
  ofGroup(groupKey: string): string | undefined;
  /** Is the incident about one of the things that these labels name? */
  isAbout(reference: string, labels: Labels): boolean;
  /** When the newest of its alarms about duties or the chain began, ms since 1970; 0: it has none. */
  dutiesSince(reference: string): number;
  /** Ids of its alarms that are about the same thing, or about duties or the chain as well. */
  alike(reference: string, episode: Pick<Episode, "labels">): readonly string[];
  add(reference: string, episode: Indexed): void;
}

/** What is known of one incident: by what its alarms are about, which. */
interface About {
  subjects: Map<string, string[]>;
  duties: string[];
  dutiesSince: number;
}

export function joinIndexOf({ incidents, episodes }: Pick<RespondState, "incidents" | "episodes">): JoinIndex {
  const byGroup = new Map<string, string>();
  const byReference = new Map<string, About>();
  const aboutOf = (reference: string): About => {
    const known = byReference.get(reference) ?? { subjects: new Map<string, string[]>(), duties: [], dutiesSince: 0 };
    byReference.set(reference, known);
    return known;
  };
  const addEpisode = (reference: string, episode: Indexed) => {
    const about = aboutOf(reference);
    for (const subject of subjectsOf(episode.labels)) listIn(about.subjects, subject).push(episode.id);
    if (!isAboutDuties(episode)) return;
    about.duties.push(episode.id);
    about.dutiesSince = Math.max(about.dutiesSince, episode.toldSince);
  };
  for (const incident of incidents) {
    if (!isOpen(incident) || incident.type === "vulnerability") continue;
    const { reference, groupKeys } = incident;
    for (const groupKey of groupKeys) if (!byGroup.has(groupKey)) byGroup.set(groupKey, reference);
    const { subjects } = aboutOf(reference);
    for (const labels of revealContent(incident, "verb").labelSets)
      for (const subject of subjectsOf(labels)) listIn(subjects, subject);
  }
  for (const episode of episodes) if (episode.incident !== undefined) addEpisode(episode.incident, episode);
  return {
    ofGroup: (groupKey) => byGroup.get(groupKey),
    isAbout: (reference, labels) => subjectsOf(labels).some((subject) => aboutOf(reference).subjects.has(subject)),
    dutiesSince: (reference) => aboutOf(reference).dutiesSince,
    alike(reference, episode) {
      const { subjects, duties } = aboutOf(reference);
      const ids = subjectsOf(episode.labels).flatMap((subject) => subjects.get(subject) ?? []);
      return isAboutDuties(episode) ? [...ids, ...duties] : ids;
    },
    add(reference, episode) {
      byGroup.set(episode.groupKey, reference);
      addEpisode(reference, episode);
    },
  };
}

function listIn(map: Map<string, string[]>, key: string): string[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

function subjectsOf(labels: Labels): string[] {
  return joinLabels.flatMap((name) => {
    const value = labelOf(labels, name);
    return value === "" ? [] : `${name}=${value}`;
  });
}
