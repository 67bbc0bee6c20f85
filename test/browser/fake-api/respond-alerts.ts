import type { AuditRecord } from "../../../src/access/audit.ts";
import type { OnCallPage, ShownPage } from "../../../src/api/contract-oncall.ts";
import type {
  AlertsPage,
  AuditPage,
  RulesPage,
  SettingsPage,
  SilencesPage,
} from "../../../src/api/contract-respond.ts";
import { alertEvents, backtestOf, usualAlerts, usualRules } from "./alerts-scene.ts";
import { testPageOf, usualOnCall } from "./on-call-scene.ts";

/** What a change of alerts or on-call says, and what it answers besides. */
type Done = { done: string } & Record<string, unknown>;

/** Alerts, rules, silences, on-call, audit and settings of the fake API; tests change what they want to see. */
export interface FakeAlerts {
  page: (now: number) => AlertsPage;
  onCall: (now: number) => OnCallPage;
  silences: SilencesPage["silences"];
  settings: SettingsPage;
  auditCount: number;
  auditVerdict: Partial<AuditPage["verdict"]>;
  pages: ShownPage[];
  answer(path: string, query: URLSearchParams): object | undefined;
  act(path: string, body: Record<string, unknown>): Done | undefined;
}

const hour = 3_600_000;

const usualSettings = (now: number): SettingsPage => ({
  ...{ version: "0.1.0", publicUrl: "https://slotkeeper.example", store: "sqlite" },
  channels: [
    { name: "telegram", kind: "telegram", sent: 214, failed: 0, lastError: undefined },
    { name: "slack", kind: "slack", sent: 96, failed: 3, lastError: "channel_is_archived" },
    { name: "email", kind: "email", sent: 0, failed: 0, lastError: undefined },
  ],
  routes: [
    { matchers: ['severity="critical"'], policy: "main", tell: ["slack"], tellFrom: "warning" },
    { matchers: [], policy: undefined, tell: ["slack"], tellFrom: "info" },
  ],
  heartbeat: { url: "https://hc.example/ping", lastSentAt: now - 20_000, withheld: undefined },
  rules: { shipped: 61, own: 1, off: ["StandbyNotReady"] },
  gateways: [{ name: "gateway", isReachable: true }],
});

const auditRecord = (id: number): AuditRecord => ({
  ...{ id, at: Date.now() - (400 - id) * 60_000, previousHash: "0".repeat(64), hash: "a".repeat(64) },
  actor: id % 3 === 0 ? "alice from 127.0.0.1" : 'api token "prometheus eu-1" from 10.0.0.4',
  action: id % 3 === 0 ? "node.cordon" : "silence.add",
  target: id % 3 === 0 ? "gateway/main/bn-2" : "s-1",
  result:
    id % 2 === 0 ? `done (asked in record ${id - 1})` : id % 5 === 0 ? "failed: bn-2 is the last ready node" : "asked",
});

export function createFakeAlerts(): FakeAlerts {
  let made = 0;
  const started = Date.now();
  const fake: FakeAlerts = {
    page: usualAlerts,
    onCall: usualOnCall,
    silences: [
      {
        ...{ id: "s-1", startsAt: started - hour, endsAt: started + 3 * hour, createdBy: "bob from 127.0.0.1" },
        ...{ comment: "Disk is ordered, arrives tomorrow.", state: "active" },
        matchers: [
          { name: "alertname", op: "=", value: "DiskFillsSoon" },
          { name: "host", op: "=~", value: "host-0[1-4]" },
        ],
      },
      {
        ...{ id: "s-0", startsAt: started - 48 * hour, endsAt: started - 40 * hour, createdBy: "alice" },
        ...{ comment: "Maintenance of host-09", state: "expired" },
        matchers: [{ name: "host", op: "=", value: "host-09" }],
      },
    ],
    settings: usualSettings(started),
    ...{ auditCount: 240, auditVerdict: {}, pages: [] },
    answer(path, query) {
      const now = Date.now();
      switch (path) {
        case "/alerts":
          return fake.page(now);
        case "/alerts/rules":
          return { at: now, rules: usualRules() } satisfies RulesPage;
        case "/alerts/history":
          return historyPage(now, query);
        case "/silences":
          return { at: now, silences: fake.silences } satisfies SilencesPage;
        case "/oncall":
          return fake.onCall(now);
        case "/pages":
          return pagesPage(query.get("recipient"));
        case "/respond/settings":
          return fake.settings;
        case "/audit":
          return auditPage(Number(query.get("after")), Number(query.get("limit")));
        default:
          return undefined;
      }
    },
    act(path, body) {
      const now = Date.now();
      if (path === "/alerts/backtest") return { done: "", ...backtestOf(now, Number(body["hours"])) };
      if (path === "/silences") {
        const id = `s-${++made + 1}`;
        const silence = { ...body, id, startsAt: now, createdBy: "you", state: "active" };
        fake.silences = [silence as unknown as (typeof fake.silences)[number], ...fake.silences];
        return { done: `silence ${id} is in force`, id };
      }
      const ended = /^\/silences\/([^/]+)\/end$/.exec(path)?.[1];
      if (ended !== undefined) {
        fake.silences = fake.silences.map((one) =>
          one.id === ended ? { ...one, endsAt: now, state: "expired" as const } : one,
        );
        return { done: `silence ${ended} has ended` };
      }
      if (path === "/oncall/overrides") return { done: `${String(body["person"])} has ${String(body["schedule"])}` };
      if (/^\/oncall\/overrides\/[^/]+\/remove$/.test(path)) return { done: "the override is removed" };
      if (path === "/oncall/test") return sendTest(body, now);
      return undefined;
    },
  };

  function historyPage(now: number, query: URLSearchParams): object {
    const before = Number(query.get("before") ?? Infinity);
    const limit = Number(query.get("limit") ?? 100);
    const wanted = alertEvents(now)
      .filter(({ id }) => id < before)
      .filter(({ alert }) => !query.has("alert") || alert === query.get("alert"));
    const items = wanted.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(wanted.length > limit && last !== undefined ? { nextBefore: last.id } : {}) };
  }

  function auditPage(after: number, limit: number): AuditPage {
    const ids = Array.from(
      { length: Math.min(limit, Math.max(0, fake.auditCount - after)) },
      (_, at) => after + at + 1,
    );
    return {
      records: ids.map(auditRecord),
      verdict: { isWhole: true, count: fake.auditCount, why: undefined, ...fake.auditVerdict },
    };
  }

  /** A page that is asked about is on its way, and arrives with the next question; bob's never does. */
  function pagesPage(recipient: string | null): object {
    const items = fake.pages.filter((page) => recipient === null || page.recipient === recipient);
    fake.pages = fake.pages.map((page) => {
      if (page.state === "pending") return { ...page, state: "sending" };
      if (page.state !== "sending") return page;
      if (page.recipient === "bob") return { ...page, state: "failed", attempt: 3, detail: "chat not found" };
      return { ...page, state: "sent", attempt: 1, sentAt: Date.now() };
    });
    return { items, counts: {}, oldestUnfinishedAt: undefined };
  }

  function sendTest(body: Record<string, unknown>, now: number): Done {
    const name = String(body["person"]);
    const contacts = fake.onCall(now).people.find((one) => one.name === name)?.contacts ?? [];
    const wanted = contacts.filter(({ channel }) => body["channel"] === undefined || channel === body["channel"]);
    const pages = wanted.map(({ channel }) => testPageOf(`p-${++made}`, name, channel, now));
    fake.pages = [...pages, ...fake.pages];
    return {
      done: `test pages to ${name} are on their way`,
      pages: pages.map(({ id, channel }) => ({ id, person: name, channel })),
    };
  }
  return fake;
}
