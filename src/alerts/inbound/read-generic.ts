import { z } from "zod";
import { trimLabels } from "../labels.ts";
import { severities } from "../severity.ts";
import { readInboundJson } from "./read-json.ts";
import { cut, inboundFingerprint, labelsIn, maxAlertsPerRequest, timeIn } from "./schemas.ts";
import type { InboundAlert } from "./types.ts";

const alertSchema = z.strictObject({
  title: z.string().min(1).max(200),
  status: z.enum(["firing", "resolved"]).default("firing"),
  severity: z.enum(severities).default("warning"),
  description: z.string().optional(),
  labels: labelsIn.optional(),
  /** Names the alert over all its messages; without it, title and labels do. */
  id: z.string().min(1).max(255).optional(),
  startsAt: timeIn.optional(),
});

const bodySchema = z.union([
  z.array(alertSchema).min(1).max(maxAlertsPerRequest),
  alertSchema.transform((one) => [one]),
]);

/** Plain JSON from anything that can post it: `{ title, status?, severity?, description?, labels?, id?, startsAt? }`, or a list. Throws `AppError`. */
export function readGenericAlerts(body: string, now: number): InboundAlert[] {
  return readInboundJson(body, "the alert", bodySchema).map((alert): InboundAlert => {
    const { title, status, severity, description = "", id = "", startsAt = 0 } = alert;
    const named = trimLabels({ ...alert.labels, alertname: title });
    return {
      fingerprint: inboundFingerprint("generic", named, id),
      source: "generic",
      labels: trimLabels({ ...named, severity }),
      annotations: trimLabels({ summary: title, description: cut(description) }),
      status,
      startsAt: startsAt || now,
      endsAt: status === "resolved" ? now : 0,
    };
  });
}
