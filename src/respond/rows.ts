import type { AlertGroup, GroupMember } from "../alerts/notice/types.ts";
import type { AlertState } from "../alerts/state/types.ts";
import { Embargoed } from "../incidents/embargo.ts";
import { isOpen } from "../incidents/status.ts";
import type { Incident, IncidentContent } from "../incidents/types.ts";
import { incidentNumber } from "./references.ts";
import type { Episode, RespondCommit, RespondRow, RespondState, RowKind } from "./types.ts";

export const emptyState: RespondState = {
  ...{ alerts: [], groups: [], inbound: [], silences: [], overrides: [], incidents: [], episodes: [] },
  ...{ paging: [], bundles: [], tests: [], nextIncident: 1 },
};

type Lists = Omit<RespondState, "nextIncident">;
type Item<L extends keyof Lists> = Lists[L][number];

interface Shelf<T> {
  kind: RowKind;
  key(item: T): string;
  at(item: T): number;
  isOpen(item: T): boolean;
  /** What is stored. */
  doc(item: T): string;
  /** What makes a new version worth a write; a number that moves all the time is not. */
  mark(item: T): string;
  read(doc: string): T;
}

function shelf<T>(
  kind: RowKind,
  key: (item: T) => string,
  at: (item: T) => number,
  others: Partial<Pick<Shelf<T>, "isOpen" | "doc" | "mark" | "read">> = {},
): Shelf<T> {
  const doc = others.doc ?? ((item: T) => JSON.stringify(item));
  return {
    ...{ kind, key, at, doc, mark: doc, isOpen: () => true, read: (text: string) => JSON.parse(text) as T },
    ...others,
  };
}

const shelves: { readonly [L in keyof Lists]: Shelf<Item<L>> } = {
  alerts: shelf(
    "alert",
    ({ fingerprint }) => fingerprint,
    (alert) => alert.activeAt,
    { mark: alertMark },
  ),
  groups: shelf(
    "group",
    ({ groupKey }) => groupKey,
    (group) => group.toldSince,
    { mark: groupMark },
  ),
  inbound: shelf(
    "inbound",
    ({ fingerprint }) => fingerprint,
    ({ startsAt }) => startsAt,
  ),
  silences: shelf(
    "silence",
    ({ id }) => id,
    ({ startsAt }) => startsAt,
  ),
  overrides: shelf(
    "override",
    ({ id }) => id,
    ({ fromAt }) => fromAt,
  ),
  incidents: shelf("incident", ({ reference }) => reference, declaredAt, {
    ...{ isOpen, doc: incidentDoc, mark: incidentDoc, read: readIncident },
  }),
  episodes: shelf(
    "episode",
    ({ id }) => id,
    ({ toldSince }) => toldSince,
    {
      ...{ isOpen: ({ endedAt }) => endedAt === 0, mark: episodeMark },
    },
  ),
  paging: shelf(
    "paging",
    ({ person }) => person,
    ({ countedAt }) => countedAt,
  ),
  bundles: shelf(
    "bundle",
    ({ id }) => id,
    ({ at }) => at,
  ),
  tests: shelf(
    "test",
    ({ id }) => id,
    ({ at }) => at,
  ),
};

/** The state that these rows are. Rows of a kind or shape that another version wrote throw. */
export function stateOfRows(rows: readonly RespondRow[]): RespondState {
  const byKind = Map.groupBy(rows, ({ kind }) => kind);
  const list = <L extends keyof Lists>(name: L): Item<L>[] =>
    (byKind.get(shelves[name].kind) ?? []).map(({ doc }) => shelves[name].read(doc));
  const counter = byKind.get("counter")?.find(({ key }) => key === "incident");
  return {
    ...{ alerts: list("alerts"), groups: list("groups"), inbound: list("inbound"), silences: list("silences") },
    ...{ overrides: list("overrides"), incidents: list("incidents"), episodes: list("episodes") },
    ...{ paging: list("paging"), bundles: list("bundles"), tests: list("tests") },
    nextIncident: counter ? Number(counter.doc) : 1,
  };
}

/** The rows to write so that the stored state becomes `after`. What is over leaves the state, and stays as a row. */
export function rowChanges(before: RespondState, after: RespondState): Pick<RespondCommit, "put" | "remove"> {
  const put: RespondRow[] = [];
  const remove: Pick<RespondRow, "kind" | "key">[] = [];
  for (const name of Object.keys(shelves) as (keyof Lists)[]) compare(name, before, after, put, remove);
  if (after.nextIncident !== before.nextIncident)
    put.push({ kind: "counter", key: "incident", doc: String(after.nextIncident), isOpen: true, at: 0 });
  return { put, remove };
}

/** The state without what is over. */
export function withoutOver(state: RespondState): RespondState {
  return {
    ...state,
    incidents: state.incidents.filter(isOpen),
    episodes: state.episodes.filter(({ endedAt }) => endedAt === 0),
  };
}

export function incidentOfRow({ doc }: RespondRow): Incident {
  return readIncident(doc);
}

export function episodeOfRow({ doc }: RespondRow): Episode {
  return shelves.episodes.read(doc);
}

function compare<L extends keyof Lists>(
  name: L,
  before: RespondState,
  after: RespondState,
  put: RespondRow[],
  remove: Pick<RespondRow, "kind" | "key">[],
): void {
  if (before[name] === after[name]) return;
  const { kind, key, at, doc, mark, isOpen } = shelves[name] as Shelf<Item<L>>;
  const known = new Map((before[name] as readonly Item<L>[]).map((item) => [key(item), item]));
  for (const item of after[name] as readonly Item<L>[]) {
    const old = known.get(key(item));
    known.delete(key(item));
    if (old === item || (old !== undefined && mark(old) === mark(item))) continue;
    put.push({ kind, key: key(item), doc: doc(item), isOpen: isOpen(item), at: at(item) });
  }
  for (const gone of known.keys()) remove.push({ kind, key: gone });
}

/** Value, its instant and the texts that hold it move with every fact. */
function alertMark({ value: _, observedAt: __, summary: ___, description: ____, ...rest }: AlertState): string {
  return JSON.stringify(rest);
}

function memberMark({ summary: _, description: __, ...rest }: GroupMember) {
  return rest;
}

function groupMark({ members, ...rest }: AlertGroup): string {
  return JSON.stringify([rest, members.map(memberMark)]);
}

function episodeMark({ alerts, ...rest }: Episode): string {
  return JSON.stringify([rest, alerts.map(({ summary: _, description: __, ...alert }) => alert)]);
}

function declaredAt({ instants, reference }: Incident): number {
  return instants.declaredAt ?? incidentNumber(reference);
}

/** An embargoed incident is stored like the others: the database is no public place. */
function incidentDoc(incident: Incident): string {
  const { content } = incident;
  return JSON.stringify({ ...incident, content: content instanceof Embargoed ? content.revealTo("store") : content });
}

function readIncident(doc: string): Incident {
  const { content, ...rest } = JSON.parse(doc) as Incident & { content: IncidentContent };
  return rest.type === "vulnerability"
    ? { ...rest, type: rest.type, content: new Embargoed(content) }
    : { ...rest, type: rest.type, content };
}
