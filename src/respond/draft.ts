import type { AlertGroup, NoticeAlert } from "../alerts/notice/types.ts";
import type { Incident, TimelineEntry } from "../incidents/types.ts";
import type { OnCallBook } from "../oncall/escalation.ts";
import type { NewMessage } from "../outbox/types.ts";
import type { JoinIndex } from "./join-index.ts";
import { keyed, type Keyed } from "./keyed.ts";
import type { RespondSettings } from "./settings.ts";
import type { AlertEvent, Episode, RespondState } from "./types.ts";

export type LinkTarget = { kind: "episode" | "bundle" | "test"; id: string };

/** What a step may look at beside the state. */
export interface RespondContext {
  settings: RespondSettings;
  /** Ms since 1970. */
  now: number;
  /** A link by which this person acknowledges, without login. */
  linkTo(target: LinkTarget, person: string): string;
  /** Gateways and their groups of nodes, as they are known now. */
  gateways: readonly { gateway: string; groups: readonly string[] }[];
  /** Since when alerts of other systems could reach this process: what was to be renewed before has time to be. */
  listeningSince: number;
}

type Changing = { -readonly [K in keyof RespondState]: RespondState[K] };

/** The state while a step changes it, and what the step wants written with it. Episodes are many: they are put one by one. */
export interface Draft {
  state: Omit<Changing, "episodes"> & Pick<RespondState, "episodes">;
  episodes: Keyed<Episode>;
  /** Made when the first alarm looks for its incident. */
  joins?: JoinIndex;
  events: AlertEvent[];
  entries: TimelineEntry[];
  messages: NewMessage[];
}

export function newDraft(state: RespondState): Draft {
  const episodes = keyed(state.episodes, ({ id }) => id);
  const changing = Object.defineProperty({ ...state }, "episodes", { get: episodes.list, enumerable: true });
  return { state: changing, episodes, events: [], entries: [], messages: [] };
}

/** Who can be on call, with the overrides that people made. */
export function bookOf({ overrides }: Pick<RespondState, "overrides">, settings: RespondSettings): OnCallBook {
  const schedules = settings.schedules.map((schedule) => ({
    ...schedule,
    overrides: [...schedule.overrides, ...overrides.filter((override) => override.schedule === schedule.name)],
  }));
  return { schedules, people: settings.people };
}

export function putEpisode(draft: Draft, episode: Episode): void {
  draft.episodes.put(episode);
}

export function putIncident(draft: Draft, incident: Incident): void {
  draft.state.incidents = replace(draft.state.incidents, incident, ({ reference }) => reference);
}

/** The list with the item in the place of the one with its key, or at the end. */
export function replace<T>(list: readonly T[], item: T, keyOf: (item: T) => string): T[] {
  const at = list.findIndex((other) => keyOf(other) === keyOf(item));
  return at === -1 ? [...list, item] : list.with(at, item);
}

export function episodeOf(draft: Draft, id: string): Episode | undefined {
  return draft.episodes.get(id);
}

export function incidentOf(draft: Draft, reference: string | undefined): Incident | undefined {
  return draft.state.incidents.find((incident) => incident.reference === reference);
}

/** Labels on which all of them agree. */
export function sharedLabels(alerts: readonly Pick<NoticeAlert, "labels">[], group: AlertGroup["labels"]) {
  const [first, ...others] = alerts;
  const shared = Object.entries(first?.labels ?? {}).filter(([name, value]) =>
    others.every(({ labels }) => labels[name] === value),
  );
  return { ...group, ...Object.fromEntries(shared) };
}
