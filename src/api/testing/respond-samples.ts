import type { Assessment } from "../../incidents/assessment/types.ts";
import type { AcknowledgeView, OnCallPage, PageTrace, ShownPage } from "../contract-oncall.ts";
import type {
  IncidentDetail,
  RulesPage,
  SettingsPage,
  ShownAlert,
  ShownEpisode,
  ShownRule,
} from "../contract-respond.ts";

/** 2026-11-26 06:00:00 UTC: when everything of these samples happens. */
export const sampleNow = Date.UTC(2026, 10, 26, 6);
const minute = 60_000;
const hour = 60 * minute;
const labels = { alertname: "NodeDown", node: "bn1", severity: "critical" };

export function shownAlert(changes: Partial<ShownAlert> = {}): ShownAlert {
  return {
    ...{ fingerprint: "00aa11bb22cc33dd", state: "firing", source: "rules", labels, severity: "critical" },
    ...{ summary: "bn1 is down", description: "No answer for two minutes.", runbook: "", playbook: "node-down" },
    ...{ value: 1, startsAt: sampleNow - 5 * minute, unknownSince: 0, suppressedBy: [] },
    ...{ groupKey: "NodeDown/bn1", incident: "INC-1" },
    ...changes,
  };
}

export function shownEpisode(changes: Partial<ShownEpisode> = {}): ShownEpisode {
  return {
    ...{ id: "NodeDown/bn1@1", groupKey: "NodeDown/bn1", title: "bn1 is down", severity: "critical", labels },
    ...{ startsAt: sampleNow - 5 * minute, incident: "INC-1" },
    escalation: { kind: "triggered", policy: "default", by: undefined, nextAt: sampleNow + 3 * minute },
    told: [{ recipient: "ann", channel: "mail" }],
    ...changes,
  };
}

export function shownPage(changes: Partial<ShownPage> = {}): ShownPage {
  return {
    ...{ id: "m1", kind: "page", state: "sent", recipient: "ann", channel: "mail", title: "bn1 is down" },
    ...{ createdAt: sampleNow - 4 * minute, sentAt: sampleNow - 4 * minute + 800, attempt: 1, errorClass: undefined },
    ...{ reason: "accepted", detail: undefined, providerMessageId: "p-1", fallbackOf: undefined },
    ...changes,
  };
}

export function sampleAssessment(): Assessment {
  const at = sampleNow - 3 * minute;
  return {
    ...{ at, scope: "multiple", reason: "scope-not-known", sentence: "4 of 12 validators miss their attestations." },
    evidence: [{ text: "4 attestations of epoch 412000 were missed", link: "/validators?epoch=412000", at }],
    victims: { count: 4, stakeGwei: 128_000_000_000, ofWatched: 12, customers: ["acme"] },
    cohorts: [{ labels: { host: "h1" }, coverage: 1, density: 0.8, victims: 4, validators: 5 }],
    firstLook: [
      { question: "nodes", verdict: "bad", sentence: "bn1 does not answer.", facts: [] },
      { question: "network", verdict: "good", sentence: "The network finalizes.", facts: [] },
    ],
    causes: [{ code: "node-down", lost: 4 }],
    changes: [{ text: "bn1 was updated", link: undefined, at: at - hour }],
    logSignatures: [],
    penaltiesGwei: 61_234,
    slaRisks: [
      { customer: "acme", sentence: "acme breaches in 3 h 10 min at this rate.", breachAt: sampleNow + 190 * minute },
    ],
  };
}

export function incidentDetail(changes: Partial<IncidentDetail> = {}): IncidentDetail {
  const declaredAt = sampleNow - 4 * minute;
  return {
    ...{ reference: "INC-1", type: "outage", severity: "sev2", status: "triage", title: "bn1 is down" },
    ...{ isEmbargoed: false, scope: "multiple", declaredAt, acknowledgedAt: undefined, resolvedAt: undefined },
    ...{ commander: undefined, alertsFiring: 1, summary: "", source: { kind: "alert", groupKey: "NodeDown/bn1" } },
    ...{ roles: {}, instants: { declaredAt, detectedAt: declaredAt - minute }, labelSets: [{ node: "bn1" }] },
    ...{ assessment: sampleAssessment(), tasks: [], holds: [], mergedInto: undefined, episodes: [shownEpisode()] },
    timeline: [
      {
        ...{ id: "e1", reference: "INC-1", at: declaredAt, kind: "declared" },
        author: "slotkeeper",
        text: "NodeDown fires",
      },
    ],
    offers: [
      {
        ...{ id: "drain:main/default/bn1", kind: "drain", target: "bn1", does: "Takes bn1 out of service." },
        ...{ costs: "One node less.", isAllowed: true, reason: "offer-safe", why: "Two ready nodes stay." },
      },
      {
        ...{ id: "hold:main/default", kind: "hold", target: "default", does: "Withholds signing inputs." },
        ...{ costs: "Every duty is lost.", isAllowed: false, reason: "offer-refused", why: "No slashing is seen." },
      },
    ],
    pages: [shownPage()],
    playbooks: [{ alert: "NodeDown", text: "Look at the machine.", runbook: "" }],
    ...changes,
  };
}

export function onCallPage(changes: Partial<OnCallPage> = {}): OnCallPage {
  const [from, handover, to] = [sampleNow - 12 * hour, sampleNow + 3 * hour, sampleNow + 27 * hour];
  const load = { onCallHours: 112, pages: 3, sleepPages: 1, sleepMinutes: 20 };
  return {
    ...{ at: sampleNow, fromAt: sampleNow, toAt: sampleNow + 14 * 24 * hour },
    now: [
      {
        schedule: "primary",
        timeZone: "Europe/Zurich",
        person: "ann",
        since: from,
        until: handover,
        next: { person: "bob", fromAt: handover },
      },
      { schedule: "backup", timeZone: "UTC", person: undefined, since: undefined, until: undefined, next: undefined },
    ],
    shifts: [
      { schedule: "primary", fromAt: from, toAt: handover, person: "ann", by: "days" },
      { schedule: "primary", fromAt: handover, toAt: to, person: "bob", by: "override" },
    ],
    gaps: [{ schedule: "backup", fromAt: sampleNow, toAt: to }],
    overrides: [{ id: "o1", schedule: "primary", person: "bob", fromAt: handover, toAt: to, createdBy: "ann" }],
    people: ["ann", "bob"].map((name) => ({
      ...{ name, timeZone: "Europe/Zurich", load },
      contacts: [{ channel: "mail", address: `${name}@example.org`, lastTest: undefined }],
    })),
    policies: [
      {
        name: "default",
        steps: [{ afterMs: 0, notify: ["schedule primary"] }],
        repeats: 1,
        acknowledgeExpiryMs: undefined,
      },
    ],
    findings: [
      { reason: "schedule-gap", subject: "backup", detail: "1 times, 1620 minutes in all", fromAt: sampleNow },
    ],
    ...changes,
  };
}

export function pageTrace(page = shownPage()): PageTrace {
  const at = sampleNow - 5 * minute;
  return {
    page,
    steps: [
      {
        what: "message",
        at: at + minute,
        text: "page to ann by mail, accepted at the first try",
        link: "/oncall?page=m1",
      },
      { what: "incident", at: at + minute, text: "INC-1", link: "/incidents/INC-1" },
      { what: "alert", at, text: "NodeDown fires: the condition holds", link: "/alerts" },
      { what: "duty", at, text: "slot 13184001: validator 7 missed its attestation", link: "/validators/7" },
      { what: "node", at, text: "bn1: down, no answer", link: "/nodes/bn1" },
    ],
  };
}

export function rulesPage(): RulesPage {
  const rule: ShownRule = {
    ...{ alert: "NodeDown", expr: "upstream_down == 1", severity: "critical", owner: "nodes", class: "node" },
    ...{ forMs: 2 * minute, keepFiringForMs: 0, summary: "{{node}} is down", description: "", playbook: "node-down" },
    ...{ isDefault: true, state: "firing", needs: undefined, firedLastDay: 2 },
  };
  return {
    at: sampleNow,
    rules: [
      rule,
      { ...rule, alert: "DiskFull", expr: "disk_days_to_full < 7", state: "unknown", needs: "host metrics" },
    ],
  };
}

export function settingsPage(): SettingsPage {
  return {
    ...{ version: "0.1.0", publicUrl: "https://slotkeeper.example", store: "sqlite" },
    channels: [{ name: "mail", kind: "email", sent: 3, failed: 0, lastError: undefined }],
    routes: [{ matchers: [], policy: "default", tell: [], tellFrom: "warning" }],
    ...{
      heartbeat: undefined,
      rules: { shipped: 2, own: 0, off: [] },
      gateways: [{ name: "main", isReachable: true }],
    },
  };
}

export function acknowledgeView(changes: Partial<AcknowledgeView> = {}): AcknowledgeView {
  return {
    ...{
      title: "bn1 is down",
      person: "ann",
      severity: "critical",
      incident: "INC-1",
      startsAt: sampleNow - 5 * minute,
    },
    ...{ state: "open", acknowledgedBy: undefined, expiresAt: sampleNow + 24 * hour },
    ...changes,
  };
}
