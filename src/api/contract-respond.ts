import type { AuditRecord } from "../access/audit.ts";
import type { Backtest } from "../alerts/backtest.ts";
import type { MatcherText } from "../alerts/expr/matcher.ts";
import type { InboundSource } from "../alerts/inbound/types.ts";
import type { Labels } from "../alerts/labels.ts";
import type { Severity } from "../alerts/severity.ts";
import type { SilenceState } from "../alerts/suppress/silence.ts";
import type { Silence, Suppression } from "../alerts/suppress/types.ts";
import type { Assessment } from "../incidents/assessment/types.ts";
import type {
  IncidentHold,
  IncidentInstant,
  IncidentRole,
  IncidentSeverity,
  IncidentSource,
  IncidentStatus,
  IncidentTask,
  IncidentType,
  TimelineEntry,
} from "../incidents/types.ts";
import type { AlertEvent } from "../respond/types.ts";
import type { OnCallNow, ShownPage } from "./contract-oncall.ts";
import type { MutationAnswer } from "./contract.ts";

/**
 * Alarms, on-call and incidents; part of the contract in `contract.ts`. Times are ms since 1970.
 *
 *   GET  /api/v1/alerts                              AlertsPage
 *   GET  /api/v1/alerts/history?alert=&fingerprint=&before=&limit=   AlertHistoryPage, newest first
 *   GET  /api/v1/alerts/rules                        RulesPage
 *   POST /api/v1/alerts/backtest                     BacktestBody → BacktestAnswer
 *   POST /api/v1/alerts/test                         TestAlertBody → MutationAnswer: a made-up alert that fires through the whole chain
 *   GET  /api/v1/silences                            SilencesPage
 *   POST /api/v1/silences                            SilenceBody → SilenceAnswer
 *   POST /api/v1/silences/:id/end                    → MutationAnswer
 *   GET  /api/v1/incidents?state=&before=&limit=     IncidentsPage, newest first; state: open | over
 *   POST /api/v1/incidents                           DeclareBody → IncidentAnswer
 *   GET  /api/v1/incidents/:reference                IncidentDetail
 *   POST /api/v1/incidents/:reference/acknowledge    → MutationAnswer
 *   POST /api/v1/incidents/:reference/update         UpdateIncidentBody → MutationAnswer
 *   POST /api/v1/incidents/:reference/note           { text } → MutationAnswer
 *   POST /api/v1/incidents/:reference/tasks          { text, owner? } → MutationAnswer
 *   POST /api/v1/incidents/:reference/tasks/:task    { state?, owner? } → MutationAnswer
 *   POST /api/v1/incidents/:reference/merge          { into } → MutationAnswer
 *   POST /api/v1/incidents/:reference/assess         → MutationAnswer: judged again now
 *   POST /api/v1/incidents/:reference/isolate        IsolateBody → MutationAnswer: does what an offer says
 *   POST /api/v1/incidents/:reference/resolve        { summary? } → MutationAnswer
 *   GET  /api/v1/oncall?from=&to=                    OnCallPage (default: the next 14 days)
 *   POST /api/v1/oncall/overrides                    OverrideBody → MutationAnswer
 *   POST /api/v1/oncall/overrides/:id/remove         → MutationAnswer
 *   POST /api/v1/oncall/test                         TestPageBody → TestPageAnswer
 *   GET  /api/v1/oncall/:schedule/calendar.ics       iCalendar
 *   GET  /api/v1/pages?state=&recipient=&limit=      PagesPage, newest first
 *   GET  /api/v1/pages/:id/trace                     PageTrace
 *   POST /api/v1/pages/:id/settle                    { verdict: "arrived" | "send-again" } → MutationAnswer
 *   GET  /api/v1/acknowledge/:token                  AcknowledgeView; needs no login: the token is the proof
 *   POST /api/v1/acknowledge/:token                  → MutationAnswer; likewise
 *   GET  /api/v1/respond/settings                    SettingsPage
 *   GET  /api/v1/audit?after=&limit=                 AuditPage                    admin
 *
 *   Inbound, each with an API token of role responder or admin as `Authorization: Bearer …` (PagerDuty: as `routing_key`):
 *   POST /api/v1/inbound/alertmanager                Alertmanager webhook, version 4
 *   POST /api/v2/alerts                              Alertmanager's own API, as Prometheus speaks it
 *   POST /v2/enqueue                                 PagerDuty Events v2
 *   POST /api/v1/inbound/generic                     { title, status?, severity?, description?, labels?, id?, startsAt? } or a list
 *
 * The event stream sends `respond` with `RespondNow` whenever that changes.
 */
export interface RespondNow {
  at: number;
  /** False: nobody is told of anything, because no channel and route is configured. */
  isAnybodyTold: boolean;
  firing: Readonly<Record<Severity, number>>;
  openIncidents: readonly IncidentRow[];
  onCall: readonly OnCallNow[];
  /** Messages that were given up, or that a person must decide on. */
  undelivered: number;
  /** Raised whenever something of alerts, incidents, pages or on-call changes: what is shown is asked for again. */
  revision: number;
}

export interface ShownAlert {
  fingerprint: string;
  /** `pending` and `firing` as the rules have it; `acknowledged`: an inbound one that its sender says is taken. */
  state: "pending" | "firing" | "acknowledged";
  source: "rules" | InboundSource;
  labels: Labels;
  severity: Severity;
  summary: string;
  description: string;
  runbook: string;
  playbook: string;
  value: number | null;
  startsAt: number;
  /** Since when its facts are missing; 0: they are known. */
  unknownSince: number;
  suppressedBy: readonly Suppression[];
  groupKey: string;
  /** Of the episode that it is told in. */
  incident: string | undefined;
}

/** An alert group that people were told about. */
export interface ShownEpisode {
  id: string;
  groupKey: string;
  title: string;
  severity: Severity;
  labels: Labels;
  startsAt: number;
  incident: string | undefined;
  /** How the escalation stands; `undefined`: nobody is paged by it. */
  escalation:
    | {
        kind: "pending" | "triggered" | "acknowledged" | "resolved" | "expired";
        policy: string;
        by: string | undefined;
        nextAt: number | undefined;
      }
    | undefined;
  told: readonly { recipient: string; channel: string }[];
}

export interface AlertsPage {
  at: number;
  alerts: readonly ShownAlert[];
  episodes: readonly ShownEpisode[];
  problems: readonly { alert: string; reason: string; count: number }[];
}

export interface AlertHistoryPage {
  items: readonly (AlertEvent & { id: number })[];
  nextBefore?: number;
}

export interface ShownRule {
  alert: string;
  expr: string;
  severity: Severity;
  owner: string;
  class: string;
  forMs: number;
  keepFiringForMs: number;
  summary: string;
  description: string;
  playbook: string;
  isDefault: boolean;
  state: "inactive" | "pending" | "firing" | "unknown";
  /** What it would need to be judged, where a fact is not supplied. */
  needs: string | undefined;
  firedLastDay: number;
}

export interface RulesPage {
  at: number;
  rules: readonly ShownRule[];
}

/** A rule that is configured, by name, or one that is tried out. */
export interface BacktestBody {
  alert?: string;
  expr?: string;
  /** "5m" */
  for?: string;
  hours?: number;
}

export interface BacktestAnswer {
  fromAt: number;
  toAt: number;
  rules: readonly ({ alert: string; expr: string } & Backtest)[];
  /** Facts of which no history is kept: nothing is known about them. */
  factsWithoutHistory: readonly string[];
}

export interface TestAlertBody {
  severity?: Severity;
  labels?: Labels;
  /** Ms until it ends by itself; 60,000 unless given. */
  durationMs?: number;
}

export interface SilencesPage {
  at: number;
  silences: readonly (Silence & { state: SilenceState })[];
}

export interface SilenceBody {
  matchers: readonly MatcherText[];
  startsAt?: number;
  endsAt: number;
  comment: string;
}

export interface SilenceAnswer extends MutationAnswer {
  id: string;
}

export interface IncidentRow {
  reference: string;
  type: IncidentType;
  severity: IncidentSeverity;
  status: IncidentStatus;
  /** "Embargoed" where the reader may not see more. */
  title: string;
  isEmbargoed: boolean;
  scope: Assessment["scope"];
  declaredAt: number;
  acknowledgedAt: number | undefined;
  resolvedAt: number | undefined;
  commander: string | undefined;
  alertsFiring: number;
}

export interface IncidentsPage {
  items: readonly IncidentRow[];
  nextBefore?: number;
}

/** Something that can be done without risk of a slashing, or why not. */
export interface IsolationOffer {
  id: string;
  /** `take-out`: every node of a host is drained. `hold`: signing inputs of a group are withheld. */
  kind: "cordon" | "drain" | "take-out" | "hold";
  target: string;
  /** What it would do, what it would cost, and why it is safe or refused. */
  does: string;
  costs: string;
  isAllowed: boolean;
  reason: string;
  why: string;
}

export interface IncidentDetail extends IncidentRow {
  summary: string;
  source: IncidentSource;
  roles: Readonly<Partial<Record<IncidentRole, string>>>;
  instants: Readonly<Partial<Record<IncidentInstant, number>>>;
  labelSets: readonly Labels[];
  assessment: Assessment | undefined;
  tasks: readonly IncidentTask[];
  holds: readonly IncidentHold[];
  mergedInto: string | undefined;
  timeline: readonly TimelineEntry[];
  episodes: readonly ShownEpisode[];
  offers: readonly IsolationOffer[];
  pages: readonly ShownPage[];
  /** Playbooks of its alerts. */
  playbooks: readonly { alert: string; text: string; runbook: string }[];
}

/** Only the title is needed. */
export interface DeclareBody {
  title: string;
  summary?: string;
  type?: IncidentType;
  severity?: IncidentSeverity;
  labels?: Labels;
  /** Page by this policy; absent: nobody is paged. */
  page?: string;
  idempotencyKey?: string;
}

export interface IncidentAnswer extends MutationAnswer {
  reference: string;
}

export interface UpdateIncidentBody {
  title?: string;
  summary?: string;
  type?: IncidentType;
  severity?: IncidentSeverity;
  status?: IncidentStatus;
  /** "" takes the role from whoever has it. */
  roles?: Partial<Record<IncidentRole, string>>;
  /** A line for the timeline, written with the change. */
  note?: string;
}

export interface IsolateBody {
  offer: string;
}

/** What is configured of alarms, without secrets. */
export interface SettingsPage {
  version: string;
  publicUrl: string;
  store: "sqlite" | "postgres";
  channels: readonly { name: string; kind: string; sent: number; failed: number; lastError: string | undefined }[];
  routes: readonly {
    matchers: readonly string[];
    policy: string | undefined;
    tell: readonly string[];
    tellFrom: Severity;
  }[];
  heartbeat: { url: string; lastSentAt: number | undefined; withheld: string | undefined } | undefined;
  rules: { shipped: number; own: number; off: readonly string[] };
  gateways: readonly { name: string; isReachable: boolean }[];
}

export interface AuditPage {
  records: readonly AuditRecord[];
  /** Of the whole chain. */
  verdict: { isWhole: boolean; count: number; why: string | undefined };
}
