import type { Role } from "../access/roles.ts";
import type { InboundAlert } from "../alerts/inbound/types.ts";
import type { MessageState } from "../outbox/types.ts";
import type { AlertEventQuery, IncidentQuery } from "../respond/types.ts";
import type {
  AcknowledgeView,
  OnCallPage,
  OverrideBody,
  PagesPage,
  PageTrace,
  TestPageAnswer,
  TestPageBody,
} from "./contract-oncall.ts";
import type {
  AlertHistoryPage,
  AlertsPage,
  AuditPage,
  BacktestAnswer,
  BacktestBody,
  DeclareBody,
  IncidentDetail,
  IncidentsPage,
  RespondNow,
  RulesPage,
  SettingsPage,
  SilenceBody,
  SilencesPage,
  TestAlertBody,
  UpdateIncidentBody,
} from "./contract-respond.ts";

/** What was done, in words. */
export interface Told {
  done: string;
}

/**
 * Alarms, on-call and incidents as the API serves them; `app` joins it to the store and the sender. `by` is who asks, in words
 * ("alice from 127.0.0.1"), `reader` their role. Everything throws `AppError`: `not-found`, `conflict`, `bad-request`.
 */
export interface RespondPorts {
  now(reader: Role | undefined): RespondNow;
  /** Called when `now()` may differ. Returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  /** Titles of an embargoed incident are told to responders and admins only, here and in every page below. */
  alerts(reader?: Role): AlertsPage;
  alertHistory(query: AlertEventQuery): Promise<AlertHistoryPage>;
  rules(): Promise<RulesPage>;
  backtest(body: BacktestBody): Promise<BacktestAnswer>;
  testAlert(body: TestAlertBody, by: string): Promise<Told>;
  silences(): SilencesPage;
  addSilence(body: SilenceBody, by: string): Promise<Told & { id: string }>;
  endSilence(id: string, by: string): Promise<Told>;
  incidents(query: IncidentQuery, reader: Role | undefined): Promise<IncidentsPage>;
  incident(reference: string, reader: Role | undefined): Promise<IncidentDetail>;
  declare(body: DeclareBody, by: string): Promise<Told & { reference: string }>;
  acknowledge(reference: string, by: string): Promise<Told>;
  update(reference: string, body: UpdateIncidentBody, by: string): Promise<Told>;
  note(reference: string, text: string, by: string): Promise<Told>;
  addTask(reference: string, body: { text: string; owner?: string }, by: string): Promise<Told>;
  setTask(
    reference: string,
    task: string,
    body: { state?: "open" | "done" | "dropped"; owner?: string },
    by: string,
  ): Promise<Told>;
  merge(reference: string, into: string, by: string): Promise<Told>;
  assess(reference: string, by: string): Promise<Told>;
  isolate(reference: string, offer: string, by: string): Promise<Told>;
  resolve(reference: string, summary: string | undefined, by: string): Promise<Told>;
  onCall(range: { from?: number; to?: number }): Promise<OnCallPage>;
  addOverride(body: OverrideBody, by: string): Promise<Told>;
  removeOverride(id: string, by: string): Promise<Told>;
  testPage(body: TestPageBody, by: string): Promise<Omit<TestPageAnswer, "auditId">>;
  /** iCalendar of the next 90 days; `undefined`: no such schedule. */
  calendar(schedule: string): string | undefined;
  pages(query: { limit: number; state?: MessageState; recipient?: string }, reader?: Role): Promise<PagesPage>;
  trace(id: string, reader?: Role): Promise<PageTrace>;
  settlePage(id: string, verdict: "arrived" | "send-again", by: string): Promise<Told>;
  acknowledgeView(token: string): Promise<AcknowledgeView>;
  acknowledgeByLink(token: string, from: string): Promise<Told>;
  settings(): Promise<SettingsPage>;
  auditPage(after: number, limit: number): Promise<AuditPage>;
  /** Alerts of other systems; resolves once they are stored. `refused`: found no room. */
  ingest(alerts: readonly InboundAlert[], by: string): Promise<{ taken: number; refused: number }>;
}
