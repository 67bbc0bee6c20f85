import type {
  OnCallPage,
  OverrideBody,
  PagesPage,
  TestPageAnswer,
  TestPageBody,
} from "../../../src/api/contract-oncall.ts";
import type {
  AlertHistoryPage,
  AlertsPage,
  AuditPage,
  BacktestAnswer,
  RulesPage,
  SettingsPage,
  SilenceAnswer,
  SilenceBody,
  SilencesPage,
} from "../../../src/api/contract-respond.ts";
import { callJson, post, reader, withQuery } from "./api.ts";

/** A backtest reads days of history. */
const backtestMs = 60_000;

export const fetchAlerts = reader<AlertsPage>("alerts");
export const fetchRules = reader<RulesPage>("alerts/rules");
export const fetchSilences = reader<SilencesPage>("silences");
export const fetchRespondSettings = reader<SettingsPage>("respond/settings");

export const fetchAlertHistory = (
  query: { alert?: string | undefined; before?: number | undefined; limit: number },
  signal?: AbortSignal,
) => callJson<AlertHistoryPage>(withQuery("alerts/history", query), {}, signal);
/** Who is on call, the people and the policies; without a range, from now on. */
export const fetchOnCall = (range: { from?: number; to?: number }, signal?: AbortSignal) =>
  callJson<OnCallPage>(withQuery("oncall", range), {}, signal);
export const fetchPages = (query: { recipient?: string; limit: number }, signal?: AbortSignal) =>
  callJson<PagesPage>(withQuery("pages", query), {}, signal);
export const fetchAudit = (query: { after: number; limit: number }, signal?: AbortSignal) =>
  callJson<AuditPage>(withQuery("audit", query), {}, signal);

export const backtestRule = (alert: string, hours: number, token: string) =>
  post<BacktestAnswer>("alerts/backtest", token, { alert, hours }, backtestMs);
export const addSilence = (body: SilenceBody, token: string) => post<SilenceAnswer>("silences", token, body);
export const endSilence = (id: string, token: string) => post(`silences/${encodeURIComponent(id)}/end`, token);
export const addOverride = (body: OverrideBody, token: string) => post("oncall/overrides", token, body);
export const removeOverride = (id: string, token: string) =>
  post(`oncall/overrides/${encodeURIComponent(id)}/remove`, token);
export const sendTestPage = (body: TestPageBody, token: string) => post<TestPageAnswer>("oncall/test", token, body);

/** Where a calendar program reads a schedule. */
export const calendarPath = (schedule: string): string => `/api/v1/oncall/${encodeURIComponent(schedule)}/calendar.ics`;
