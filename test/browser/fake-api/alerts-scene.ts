import type {
  AlertHistoryPage,
  AlertsPage,
  BacktestAnswer,
  ShownAlert,
  ShownEpisode,
  ShownRule,
} from "../../../src/api/contract-respond.ts";

const minute = 60_000;
const hour = 60 * minute;

export function alertOf(fingerprint: string, now: number, changes: Partial<ShownAlert> = {}): ShownAlert {
  return {
    ...{ fingerprint, state: "firing", source: "rules", severity: "warning", value: 1, unknownSince: 0 },
    labels: { alertname: "UpstreamNotReady", group: "main", node: "bn-2" },
    summary: "bn-2 of group main has not been ready for 10 minutes",
    description: "Its execution client is offline; the other two nodes serve the group.",
    runbook: "https://wiki.example/runbooks/upstream",
    playbook:
      "1. Look at the execution client's log.\n2. Is its disk full?\n3. Restart the execution client, never a signer.",
    ...{ startsAt: now - 42 * minute, suppressedBy: [], groupKey: "main", incident: undefined },
    ...changes,
  };
}

export function episodeOf(id: string, now: number, changes: Partial<ShownEpisode> = {}): ShownEpisode {
  return {
    ...{ id, groupKey: "main", title: "UpstreamNotReady in group main", severity: "warning" },
    ...{ labels: { group: "main" }, startsAt: now - 40 * minute, incident: undefined },
    escalation: { kind: "acknowledged", policy: "main", by: "bob", nextAt: now + 50 * minute },
    told: [{ recipient: "bob", channel: "telegram" }],
    ...changes,
  };
}

/** A usual bad night: one page that nobody has taken, one that somebody has, and a few that nobody is told of. */
export function usualAlerts(now: number): AlertsPage {
  const victims = { alertname: "Underperforming", customer: "acme" };
  return {
    at: now,
    alerts: [
      alertOf("a1", now, {
        ...{ severity: "critical", labels: { ...victims, cohort: "host-07" }, groupKey: "acme", value: 0.127 },
        summary: "12.7 % of acme's validators underperform",
        ...{ startsAt: now - 4 * minute, incident: "INC-12" },
      }),
      alertOf("a2", now, {
        ...{ severity: "warning", labels: { ...victims, cohort: "host-03" }, groupKey: "acme" },
        summary: "3 validators on host-03 missed 2 of the last 3 epochs",
        ...{ startsAt: now - 3 * minute, incident: "INC-12" },
      }),
      alertOf("a3", now),
      alertOf("a4", now, {
        labels: { alertname: "DiskFillsSoon", host: "host-02", mountpoint: "/data" },
        ...{ summary: "/data of host-02 is full in 1.5 days", groupKey: "disk", unknownSince: now - 6 * minute },
        suppressedBy: [{ kind: "silence", id: "s-1", reason: "silenced", until: now + 3 * hour }],
      }),
      alertOf("a5", now, {
        ...{ state: "pending", severity: "info", groupKey: "latency", source: "alertmanager", value: null },
        labels: { alertname: "LatencyAboveBaseline", node: "bn-3" },
        ...{ summary: "bn-3 answers twice as slowly as in the last 7 days", startsAt: now - 30_000, playbook: "" },
      }),
    ],
    episodes: [
      episodeOf("e1", now, {
        ...{ groupKey: "acme", title: "Underperforming: customer acme", severity: "critical", incident: "INC-12" },
        ...{ labels: { customer: "acme" }, startsAt: now - 4 * minute },
        escalation: { kind: "triggered", policy: "main", by: undefined, nextAt: now + 2 * minute },
        told: [
          { recipient: "alice", channel: "telegram" },
          { recipient: "ops", channel: "slack" },
        ],
      }),
      episodeOf("e2", now),
    ],
    problems: [{ alert: "ClockSkew", reason: "no-facts", count: 1 }],
  };
}

/** The network is down: as many alerts as there are hosts. */
export function manyAlerts(now: number, count: number): AlertsPage {
  const usual = usualAlerts(now);
  const more = Array.from({ length: count }, (_, index) =>
    alertOf(`many-${index}`, now, {
      labels: { alertname: "UpstreamNotReady", host: `host-${index}`, node: `bn-${index}` },
      ...{ summary: `bn-${index} has not been ready for 10 minutes`, groupKey: index % 2 === 0 ? "main" : "acme" },
      severity: index % 5 === 0 ? "critical" : "warning",
    }),
  );
  return { ...usual, alerts: [...usual.alerts, ...more] };
}

export function ruleOf(alert: string, changes: Partial<ShownRule> = {}): ShownRule {
  return {
    ...{ alert, expr: 'upstream_ready{group="*"} < 1', severity: "warning", owner: "operations", class: "node" },
    ...{ forMs: 10 * minute, keepFiringForMs: 0, summary: "A beacon node is not ready.", description: "" },
    playbook: "1. Open the node's page and read its reason.\n2. Look at its execution client.",
    ...{ isDefault: true, state: "inactive", needs: undefined, firedLastDay: 0 },
    ...changes,
  };
}

export const usualRules = (): ShownRule[] => [
  ruleOf("FinalityLag", { expr: "finality_lag_epochs > 5", severity: "critical", class: "network", forMs: 0 }),
  ruleOf("UpstreamNotReady", { state: "firing", firedLastDay: 3 }),
  ruleOf("Underperforming", {
    ...{ expr: 'underperforming_ratio{customer="*"} > 0.05', severity: "critical", class: "attestations" },
    ...{ state: "firing", firedLastDay: 1, keepFiringForMs: 5 * minute },
    summary: "More than 5 % of a customer's validators underperform.",
  }),
  ruleOf("ClockSkew", {
    ...{ expr: "clock_skew_ms > 500", state: "unknown", class: "host" },
    needs: "a host exporter that tells node_timex_offset_seconds",
  }),
  ruleOf("TeamDisk", { expr: "promql: predict_linear(node_filesystem_avail_bytes[6h], 86400) < 0", isDefault: false }),
];

export function alertEvents(now: number): AlertHistoryPage["items"] {
  return Array.from({ length: 240 }, (_, index) => ({
    id: 240 - index,
    ...{
      fingerprint: `f${index}`,
      rule: "UpstreamNotReady",
      at: now - index * 7 * minute,
      severity: "warning" as const,
    },
    alert: index % 3 === 0 ? "FinalityLag" : "UpstreamNotReady",
    kind: index % 2 === 0 ? ("resolved" as const) : ("firing" as const),
    reason: index % 2 === 0 ? "condition-ended" : "condition-holds",
    labels: { alertname: "UpstreamNotReady", node: `bn-${index % 4}` },
    ...{ summary: `bn-${index % 4} is not ready`, value: index },
  }));
}

export function backtestOf(now: number, hours: number): BacktestAnswer {
  const fromAt = now - hours * hour;
  const firing = (start: number, minutes: number) => ({
    labels: { node: "bn-2" },
    ...{ activeAt: fromAt + start, firedAt: fromAt + start + 10 * minute, unknownMs: 0 },
    resolvedAt: minutes === 0 ? 0 : fromAt + start + minutes * minute,
  });
  return {
    ...{ fromAt, toAt: now, factsWithoutHistory: ["disk_days_to_full"] },
    rules: [
      {
        ...{ alert: "UpstreamNotReady", expr: 'upstream_ready{group="*"} < 1', fromAt, toAt: now, more: 0 },
        firings: [firing(hour, 25), firing(5 * hour, 0)],
        ...{ notices: { firing: 2, repeat: 1, resolve: 1 }, blindMs: 12 * minute },
      },
    ],
  };
}
