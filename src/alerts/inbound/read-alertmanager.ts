import { z } from "zod";
import { readInboundJson } from "./read-json.ts";
import { annotationsIn, inboundFingerprint, isNameable, labelsIn, maxAlertsPerRequest, timeIn } from "./schemas.ts";
import type { InboundAlert } from "./types.ts";

/** Of senders that give no end: the alert ends unless it is sent again within that time, as in Alertmanager. */
const resolveTimeoutMs = 5 * 60_000;

const named = labelsIn.refine(isNameable, { error: "an alert needs at least one label" });

const webhook = z.object({
  // "4" is Alertmanager's, "1" the same shape as Grafana sends it.
  version: z.enum(["4", "1"]),
  alerts: z
    .array(
      z.object({
        status: z.enum(["firing", "resolved"]),
        labels: named,
        annotations: annotationsIn.optional(),
        startsAt: timeIn.optional(),
        endsAt: timeIn.optional(),
      }),
    )
    .max(maxAlertsPerRequest),
});

const posted = z
  .array(
    z.object({
      labels: named,
      annotations: annotationsIn.optional(),
      startsAt: timeIn.optional(),
      endsAt: timeIn.optional(),
    }),
  )
  .max(maxAlertsPerRequest);

/** The body that Alertmanager posts to a webhook receiver (version 4). Throws `AppError`. */
export function readAlertmanagerWebhook(body: string, now: number): InboundAlert[] {
  const { alerts } = readInboundJson(body, "the Alertmanager webhook", webhook);
  return alerts.map(({ status, labels, annotations = {}, startsAt = 0, endsAt = 0 }) => ({
    fingerprint: inboundFingerprint("alertmanager", labels),
    source: "alertmanager",
    ...{ labels, annotations, status },
    startsAt: startsAt || endsAt || now,
    endsAt: status === "resolved" ? endsAt || now : 0,
  }));
}

/** The body of `POST /api/v2/alerts`, as Prometheus sends it to an Alertmanager. Throws `AppError`. */
export function readAlertsApi(body: string, now: number): InboundAlert[] {
  const alerts = readInboundJson(body, "POST /api/v2/alerts", posted);
  return alerts.map(({ labels, annotations = {}, startsAt = 0, endsAt: givenEnd = 0 }) => {
    const endsAt = givenEnd || now + resolveTimeoutMs;
    const isOver = endsAt <= now;
    return {
      fingerprint: inboundFingerprint("alerts-api", labels),
      source: "alerts-api",
      ...{ labels, annotations, endsAt },
      status: isOver ? "resolved" : "firing",
      startsAt: startsAt || (givenEnd === 0 ? now : Math.min(now, givenEnd)),
      ...(isOver ? {} : { renewedUntil: endsAt }),
    };
  });
}
