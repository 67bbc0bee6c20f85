import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { severities } from "../../alerts/severity.ts";
import { incidentSeverities } from "../../incidents/types.ts";
import type { ClaimedMessage, Outcome } from "../../outbox/types.ts";
import type { RespondState } from "../../respond/types.ts";
import type { Undelivered } from "./undelivered.ts";

export interface RespondFigures {
  state(): RespondState;
  undelivered(): Undelivered;
  /** When alarms were last judged, ms since 1970. */
  lastJudgedAt(): number;
  now(): number;
}

/** Alarms, incidents and messages. Labels are bounded: severities, channels by configuration, outcomes. Never a title. */
export function registerRespondMetrics(
  registry: Registry,
  { state, undelivered, lastJudgedAt, now }: RespondFigures,
): { outcome(message: ClaimedMessage, outcome: Outcome): void; beat(kind: string): void } {
  const registers = [registry];
  new Gauge({
    name: "slotkeeper_alerts",
    help: "Alerts of own rules by state and severity.",
    labelNames: ["state", "severity"],
    registers,
    collect() {
      const { alerts } = state();
      for (const kind of ["pending", "firing"] as const)
        for (const severity of severities)
          this.set(
            { state: kind, severity },
            alerts.filter((alert) => alert.kind === kind && alert.severity === severity).length,
          );
    },
  });
  new Gauge({
    name: "slotkeeper_incidents_open",
    help: "Open incidents by severity.",
    labelNames: ["severity"],
    registers,
    collect() {
      for (const severity of incidentSeverities)
        this.set({ severity }, state().incidents.filter((incident) => incident.severity === severity).length);
    },
  });
  new Gauge({
    name: "slotkeeper_messages_undelivered",
    help: "Messages by channel that were given up lately, wait for a person, or wait for longer than five minutes.",
    labelNames: ["channel"],
    registers,
    collect() {
      this.reset();
      for (const { channel, count } of undelivered().byChannel) this.set({ channel }, count);
    },
  });
  new Gauge({
    name: "slotkeeper_alerts_judged_age_seconds",
    help: "Time since alarms were last judged.",
    registers,
    collect() {
      this.set(Math.max(0, now() - lastJudgedAt()) / 1_000);
    },
  });
  const notifications = new Counter({
    name: "slotkeeper_notifications_total",
    help: "Attempts to send a message, by channel and outcome.",
    labelNames: ["channel", "outcome"],
    registers,
  });
  const latency = new Histogram({
    name: "slotkeeper_notification_latency_seconds",
    help: "From the commit of a page to its acceptance by the provider.",
    labelNames: ["channel"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  });
  const beats = new Counter({
    name: "slotkeeper_heartbeats_total",
    help: "Dead-man heartbeats by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  return {
    outcome({ channel, kind, createdAt }, outcome) {
      notifications.inc({ channel, outcome: outcome.kind });
      if (outcome.kind === "sent" && kind === "page")
        latency.observe({ channel }, Math.max(0, now() - createdAt) / 1_000);
    },
    beat: (kind) => beats.inc({ outcome: kind }),
  };
}
