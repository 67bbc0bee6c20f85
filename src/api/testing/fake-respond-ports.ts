import { roleAllows, type Role } from "../../access/roles.ts";
import type { Severity } from "../../alerts/severity.ts";
import { silenceProblem, silenceState } from "../../alerts/suppress/silence.ts";
import type { Silence } from "../../alerts/suppress/types.ts";
import type { IncidentTask } from "../../incidents/types.ts";
import { AppError } from "../../lib/app-error.ts";
import type { MessageState } from "../../outbox/types.ts";
import type { AcknowledgeView, ShownPage } from "../contract-oncall.ts";
import type { IncidentDetail, IncidentRow, ShownAlert } from "../contract-respond.ts";
import type { RespondPorts } from "../ports-respond.ts";
import * as samples from "./respond-samples.ts";

/** Alarms, on-call and incidents in memory: one incident, one alert, one page, `ann` and `bob` on schedule `primary`. */
export interface FakeRespond extends RespondPorts {
  /** Every change, as one line with who asked. */
  readonly calls: string[];
  readonly kept: Map<string, IncidentDetail>;
  shownAlerts: ShownAlert[];
  shownPages: ShownPage[];
  /** By token: `link-1` acknowledges INC-1 as ann. */
  readonly links: Map<string, AcknowledgeView>;
  readonly ingested: { alerts: unknown; by: string }[];
  /** Tells the listeners that `now()` may differ. */
  tell(): void;
}

const messageStates: readonly MessageState[] = ["pending", "sending", "sent", "failed", "dropped", "held"];

export function fakeRespondPorts(now: () => number = () => samples.sampleNow): FakeRespond {
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  const kept = new Map([["INC-1", samples.incidentDetail()]]);
  const links = new Map([["link-1", samples.acknowledgeView()]]);
  const silences: Silence[] = [];
  const overrides = new Map(samples.onCallPage().overrides.map((override) => [override.id, override]));
  let revision = 0;

  /** Notes the call, tells the listeners, and answers. */
  async function changed<T extends { done: string }>(line: string, by: string, answer: T): Promise<T> {
    calls.push(`${line} by ${by}`);
    fake.tell();
    return Promise.resolve(answer);
  }
  function incidentOf(reference: string): IncidentDetail {
    return kept.get(reference) ?? missing(`incident ${reference}`);
  }
  /** For a change. An incident that is over takes none. */
  function openIncident(reference: string): IncidentDetail {
    const incident = incidentOf(reference);
    if (isOver(incident)) throw new AppError(`${reference} is ${incident.status}.`, { code: "conflict" });
    return incident;
  }
  function change(reference: string, changes: Partial<IncidentDetail>, line: string, by: string, done: string) {
    kept.set(reference, { ...openIncident(reference), ...changes });
    return changed(`${line} ${reference}`, by, { done });
  }
  const rows = (reader: Role | undefined) => [...kept.values()].reverse().map((incident) => rowOf(incident, reader));
  const respondNow = (reader: Role | undefined) => ({
    ...{ at: now(), isAnybodyTold: true, openIncidents: rows(reader).filter((row) => !isOver(row)) },
    firing: { critical: countOf("critical"), warning: countOf("warning"), info: countOf("info") },
    onCall: samples.onCallPage().now,
    undelivered: fake.shownPages.filter(({ state }) => state === "failed" || state === "held").length,
    revision,
  });
  const countOf = (severity: Severity) =>
    fake.shownAlerts.filter((alert) => alert.state === "firing" && alert.severity === severity).length;
  const linkOf = (token: string) => links.get(token) ?? missing("page for this link");
  const pageOf = (id: string) => fake.shownPages.find((page) => page.id === id) ?? missing(`page ${id}`);

  const fake: FakeRespond = {
    ...{ calls, kept, links, ingested: [], shownAlerts: [samples.shownAlert()], shownPages: [samples.shownPage()] },
    tell() {
      revision += 1;
      for (const listener of listeners) listener();
    },
    now: respondNow,
    onChange: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
    alerts: () => ({ at: now(), alerts: fake.shownAlerts, episodes: [samples.shownEpisode()], problems: [] }),
    alertHistory: ({ limit }) =>
      Promise.resolve({
        items: [{ ...eventOf(samples.shownAlert()), id: 7 }].slice(0, limit),
      }),
    rules: () => Promise.resolve(samples.rulesPage()),
    backtest({ alert, expr, hours = 24 }) {
      const firing = { labels: { node: "bn1" }, activeAt: 1, firedAt: now() - 60_000, resolvedAt: 0, unknownMs: 0 };
      const found = samples.rulesPage().rules.filter((rule) => alert === undefined || rule.alert === alert);
      const tried = expr === undefined ? found : [{ alert: "tried", expr }];
      if (tried.length === 0) missing(`rule ${alert ?? ""}`);
      const [fromAt, toAt] = [now() - hours * 3_600_000, now()];
      const notices = { firing: 1, repeat: 0, resolve: 0 };
      const result = { fromAt, toAt, firings: [firing], more: 0, notices, blindMs: 0 };
      const rules = tried.map((rule) => ({ alert: rule.alert, expr: rule.expr, ...result }));
      return Promise.resolve({ fromAt, toAt, rules, factsWithoutHistory: ["disk_days_to_full"] });
    },
    testAlert: ({ severity = "warning" }, by) =>
      changed(`alert test ${severity}`, by, { done: `a test alert (${severity}) fires for 60 s` }),
    silences: () => ({
      at: now(),
      silences: silences.map((silence) => ({ ...silence, state: silenceState(silence, now()) })),
    }),
    addSilence(body, by) {
      const silence = { startsAt: now(), ...body, id: `s${silences.length + 1}`, createdBy: by };
      const problem = silenceProblem(silence);
      if (problem) throw new AppError(`Add a silence: ${problem.detail}.`, { code: "bad-request" });
      silences.push(silence);
      return changed(`silence ${silence.id} "${body.comment}"`, by, {
        done: `silence ${silence.id} is made`,
        id: silence.id,
      });
    },
    endSilence(id, by) {
      const index = silences.findIndex((silence) => silence.id === id);
      const silence = silences[index] ?? missing(`silence ${id}`);
      silences[index] = { ...silence, endsAt: now() };
      return changed(`unsilence ${id}`, by, { done: `silence ${id} has ended` });
    },
    incidents({ limit, isOpen, before = Infinity }, reader) {
      const fitting = rows(reader).filter(
        (row) => row.declaredAt < before && (isOpen ?? !isOver(row)) === !isOver(row),
      );
      const items = fitting.slice(0, limit);
      const last = items.at(-1);
      return Promise.resolve({ items, ...(items.length < fitting.length && last && { nextBefore: last.declaredAt }) });
    },
    incident: async (reference, reader) => Promise.resolve(detailFor(incidentOf(reference), reader)),
    declare(body, by) {
      const { title, summary = "", type = "outage", severity = "sev3", labels, page, idempotencyKey } = body;
      const known = [...kept.values()].find(({ source }) => source.kind === "person" && source.by === idempotencyKey);
      if (idempotencyKey !== undefined && known)
        return Promise.resolve({ done: `${known.reference} was declared before`, reference: known.reference });
      const reference = `INC-${kept.size + 1}`;
      const base = samples.incidentDetail({ reference, type, severity, title, summary, declaredAt: now() });
      kept.set(reference, {
        ...base,
        ...{ isEmbargoed: type === "vulnerability", labelSets: labels ? [labels] : [], episodes: [], pages: [] },
        source: { kind: "person", by: idempotencyKey ?? by },
      });
      const paged = page === undefined ? "" : `, paging ${page}`;
      return changed(`declare ${reference} ${severity} "${title}"${paged}`, by, {
        done: `${reference} is declared${paged}`,
        reference,
      });
    },
    acknowledge: async (reference, by) =>
      change(reference, { status: "investigating", acknowledgedAt: now() }, "acknowledge", by, `${reference} is yours`),
    async update(reference, { note, roles, ...changes }, by) {
      const incident = openIncident(reference);
      const merged = { ...incident.roles, ...roles };
      const what = JSON.stringify({ ...changes, ...(roles && { roles }), ...(note !== undefined && { note }) });
      const commander = merged.commander === "" ? undefined : merged.commander;
      return change(
        reference,
        { ...changes, roles: merged, commander },
        `update ${what}`,
        by,
        `${reference} is changed`,
      );
    },
    note: async (reference, text, by) => change(reference, {}, `note "${text}"`, by, "noted"),
    async addTask(reference, { text, owner = "" }, by) {
      const { tasks } = openIncident(reference);
      const task: IncidentTask = { id: `t${tasks.length + 1}`, text, owner, state: "open" };
      return change(reference, { tasks: [...tasks, task] }, `task "${text}"`, by, `task ${task.id} is added`);
    },
    async setTask(reference, id, body, by) {
      const { tasks } = openIncident(reference);
      if (!tasks.some((task) => task.id === id)) missing(`task ${id} of ${reference}`);
      const next = tasks.map((task) => (task.id === id ? { ...task, ...body } : task));
      return change(reference, { tasks: next }, `task ${id} ${JSON.stringify(body)}`, by, `task ${id} is changed`);
    },
    async merge(reference, into, by) {
      incidentOf(into);
      if (reference === into) throw new AppError(`${reference} is that incident.`, { code: "conflict" });
      const over = { status: "merged", mergedInto: into } as const;
      return change(reference, over, `merge into ${into}`, by, `${reference} is part of ${into}`);
    },
    assess: async (reference, by) => change(reference, {}, "assess", by, `${reference} is assessed again`),
    async isolate(reference, offer, by) {
      const found = openIncident(reference).offers.find(({ id }) => id === offer) ?? missing(`offer ${offer}`);
      if (!found.isAllowed) throw new AppError(`${found.does} It is refused: ${found.why}`, { code: "conflict" });
      return change(reference, {}, `isolate ${offer}`, by, `${found.kind} of ${found.target} is asked for`);
    },
    resolve: async (reference, summary, by) =>
      change(
        reference,
        { status: "resolved", resolvedAt: now(), ...(summary !== undefined && { summary }) },
        ...(["resolve", by, `${reference} is resolved`] as const),
      ),
    onCall: () => Promise.resolve(samples.onCallPage({ overrides: [...overrides.values()] })),
    async addOverride({ schedule, person, fromAt, toAt }, by) {
      if (schedule !== "primary") missing(`schedule ${schedule}`);
      if (person !== "ann" && person !== "bob") missing(`person ${person}`);
      const id = `o${overrides.size + 1}`;
      overrides.set(id, { id, schedule, person, fromAt, toAt, createdBy: by });
      const line = `override ${schedule} ${person} ${new Date(fromAt).toISOString()} ${new Date(toAt).toISOString()}`;
      return changed(line, by, { done: `${person} is on call for ${schedule} (override ${id})` });
    },
    async removeOverride(id, by) {
      if (!overrides.delete(id)) missing(`override ${id}`);
      return changed(`remove override ${id}`, by, { done: `override ${id} is removed` });
    },
    async testPage({ person = "ann", channel = "mail" }, by) {
      if (person !== "ann" && person !== "bob") missing(`person ${person}`);
      const id = `m${fake.shownPages.length + 1}`;
      const waiting = { kind: "test", state: "pending", sentAt: undefined, reason: undefined } as const;
      const page = samples.shownPage({ id, recipient: person, channel, title: "Test", createdAt: now(), ...waiting });
      fake.shownPages = [page, ...fake.shownPages];
      return changed(`test page ${person} ${channel}`, by, {
        done: "1 test page is on its way",
        pages: [{ id, person, channel }],
      });
    },
    calendar: (schedule) => (schedule === "primary" ? "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" : undefined),
    pages({ limit, state, recipient }) {
      const items = fake.shownPages
        .filter((page) => (state ?? page.state) === page.state && (recipient ?? page.recipient) === page.recipient)
        .slice(0, limit);
      const counts = Object.fromEntries(
        messageStates.map((each) => [each, fake.shownPages.filter((page) => page.state === each).length]),
      ) as Record<MessageState, number>;
      return Promise.resolve({ items, counts, oldestUnfinishedAt: undefined });
    },
    trace: async (id) => Promise.resolve(samples.pageTrace(pageOf(id))),
    async settlePage(id, verdict, by) {
      const page = pageOf(id);
      if (page.state !== "held") throw new AppError(`Page ${id} is ${page.state}, not held.`, { code: "conflict" });
      const state = verdict === "arrived" ? "sent" : "pending";
      fake.shownPages = fake.shownPages.map((each) => (each === page ? { ...page, state } : each));
      return changed(`settle ${id} ${verdict}`, by, { done: `page ${id} is ${state}` });
    },
    acknowledgeView: async (token) => Promise.resolve(linkOf(token)),
    async acknowledgeByLink(token, from) {
      const view = linkOf(token);
      if (view.state === "over") throw new AppError("It is over already.", { code: "conflict" });
      links.set(token, { ...view, state: "acknowledged", acknowledgedBy: view.person });
      return changed(`acknowledge ${view.incident ?? ""} by link`, `${view.person} from ${from}`, {
        done: `${view.title}: taken by ${view.person}`,
      });
    },
    settings: () => Promise.resolve(samples.settingsPage()),
    auditPage: (after) => Promise.resolve({ records: [], verdict: { isWhole: true, count: after, why: undefined } }),
    ingest(alerts, by) {
      fake.ingested.push({ alerts, by });
      return Promise.resolve({ taken: alerts.length, refused: 0 });
    },
  };
  return fake;
}

const isOver = ({ status }: Pick<IncidentRow, "status">) => ["resolved", "declined", "merged"].includes(status);
const maySee = (incident: IncidentRow, reader: Role | undefined) =>
  !incident.isEmbargoed || (reader !== undefined && roleAllows(reader, "responder"));

function rowOf(incident: IncidentDetail, reader: Role | undefined): IncidentRow {
  const { reference, type, severity, status, isEmbargoed, scope } = incident;
  const { declaredAt, acknowledgedAt, resolvedAt, commander, alertsFiring } = incident;
  const title = maySee(incident, reader) ? incident.title : "Embargoed";
  const instants = { declaredAt, acknowledgedAt, resolvedAt };
  return { reference, type, severity, status, title, isEmbargoed, scope, ...instants, commander, alertsFiring };
}

function detailFor(incident: IncidentDetail, reader: Role | undefined): IncidentDetail {
  if (maySee(incident, reader)) return incident;
  const nothing = { summary: "", labelSets: [], assessment: undefined, tasks: [], timeline: [], offers: [], pages: [] };
  return { ...incident, ...nothing, title: "Embargoed", episodes: [], playbooks: [] };
}

function eventOf({ fingerprint, labels, severity, summary, value, startsAt }: ShownAlert) {
  const of = { fingerprint, rule: "NodeDown", alert: "NodeDown", labels, severity, summary, value };
  return { ...of, kind: "firing" as const, reason: "condition-holds", at: startsAt };
}

function missing(what: string): never {
  throw new AppError(`There is no ${what}.`, { code: "not-found" });
}
