import type { InboundAlert } from "../alerts/inbound/types.ts";
import type { Labels } from "../alerts/labels.ts";
import type { AlertGroup, NoticeAlert } from "../alerts/notice/types.ts";
import type { Severity } from "../alerts/severity.ts";
import type { AlertState, TransitionKind } from "../alerts/state/types.ts";
import type { Silence } from "../alerts/suppress/types.ts";
import type { Incident, TimelineEntry } from "../incidents/types.ts";
import type { Escalation } from "../oncall/escalation.ts";
import type { Override } from "../oncall/types.ts";
import type { Destination, NewMessage } from "../outbox/types.ts";

/** Somebody, or a team's place, that was told of an episode and is to hear how it ends. */
export interface ToldStream extends Destination {
  recipient: string;
  kind: "firing" | "page";
}

/** One alert group from its first notice until its end was told: what people call an alarm. */
export interface Episode {
  /** `${groupKey}@${toldSince}`. */
  id: string;
  groupKey: string;
  toldSince: number;
  title: string;
  severity: Severity;
  /** Labels that all its alerts share. */
  labels: Labels;
  alerts: readonly NoticeAlert[];
  /** The incident that it belongs to. */
  incident: string | undefined;
  policy: string | undefined;
  escalation: Escalation | undefined;
  /** Id of the episode that began together with it and that people are paged for in its place. */
  pagedWith?: string;
  told: readonly ToldStream[];
  /** 0 while it is open. */
  endedAt: number;
}

/** How many pages a person may still get at once, and what waits to be told in one bundle. */
export interface PersonPaging {
  person: string;
  tokens: number;
  countedAt: number;
  waiting: readonly { episode: string; round: number; step: number; at: number }[];
}

/** One message to a person about many episodes; it ends when all of them have. */
export interface PageBundle {
  id: string;
  person: string;
  episodes: readonly string[];
  told: readonly ToldStream[];
  at: number;
}

export interface StoredOverride extends Override {
  id: string;
  schedule: string;
  createdBy: string;
}

/** Everything that is open. Plain data but for embargoed content: stored as rows, so that a restart forgets nothing. */
export interface RespondState {
  alerts: readonly AlertState[];
  groups: readonly AlertGroup[];
  inbound: readonly InboundAlert[];
  silences: readonly Silence[];
  overrides: readonly StoredOverride[];
  incidents: readonly Incident[];
  episodes: readonly Episode[];
  paging: readonly PersonPaging[];
  bundles: readonly PageBundle[];
  tests: readonly PageTest[];
  /** Of the next incident: "INC-" and this. */
  nextIncident: number;
}

/** One change of one alert, as it is kept for history. */
export interface AlertEvent {
  fingerprint: string;
  rule: string;
  alert: string;
  kind: TransitionKind;
  reason: string;
  at: number;
  labels: Labels;
  severity: Severity;
  summary: string;
  value: number | null;
}

/** A page that proves the path to a person; the newest of each place is kept. */
export interface PageTest extends Destination {
  id: string;
  person: string;
  at: number;
  acknowledgedAt: number | undefined;
}

export const rowKinds = [
  "alert",
  "group",
  "inbound",
  "silence",
  "override",
  "incident",
  "episode",
  "paging",
  "bundle",
  "test",
  "counter",
] as const;
export type RowKind = (typeof rowKinds)[number];

/** A thing of `RespondState` as it is stored. */
export interface RespondRow {
  kind: RowKind;
  key: string;
  /** JSON. */
  doc: string;
  /** Those that are over are kept for history, and not loaded. */
  isOpen: boolean;
  /** What lists are ordered by: when it began. */
  at: number;
}

/** What one step changed, with what is said of it: one transaction. */
export interface RespondCommit {
  put: readonly RespondRow[];
  remove: readonly Pick<RespondRow, "kind" | "key">[];
  events: readonly AlertEvent[];
  entries: readonly TimelineEntry[];
  messages: readonly NewMessage[];
}

export interface IncidentQuery {
  limit: number;
  /** References of incidents declared before this instant. */
  before?: number;
  /** Only those that are open, or only those that are over. */
  isOpen?: boolean;
}

export interface AlertEventQuery {
  limit: number;
  fingerprint?: string;
  alert?: string;
  /** Ids below it. */
  before?: number;
  fromAt?: number;
}

export interface RowQuery {
  limit: number;
  /** Rows that began before this instant. */
  before?: number;
  isOpen?: boolean;
}

/** Rows of alarms and incidents. Implemented by `store`. */
export interface RespondStore {
  /** Everything that is open, as it was last committed. */
  load(): Promise<RespondRow[]>;
  /** All of it or nothing. Entries that are known by their id are left out. */
  commit(changes: RespondCommit, now: number): Promise<void>;
  /** Newest first. */
  rows(kind: RowKind, query: RowQuery): Promise<RespondRow[]>;
  row(kind: RowKind, key: string): Promise<RespondRow | undefined>;
  /** Oldest first. */
  timeline(reference: string): Promise<TimelineEntry[]>;
  /** Newest first. */
  events(query: AlertEventQuery): Promise<(AlertEvent & { id: number })[]>;
  /** How often each alert began to fire since an instant. */
  firedSince(fromAt: number): Promise<ReadonlyMap<string, number>>;
  /** Deletes changes of alerts and episodes that are over, by when they began; incidents and their timelines stay. */
  expire(before: number): Promise<void>;
}
