import { z } from "zod";
import { trimLabels, type Labels } from "../labels.ts";
import { inboundError, readInboundJson } from "./read-json.ts";
import { cut, inboundFingerprint, timeIn } from "./schemas.ts";
import type { InboundAlert } from "./types.ts";

const short = z.string().max(1_024);

const payloadSchema = z.object({
  summary: z.string().min(1).max(1_024),
  source: z.string().min(1).max(1_024),
  severity: z.enum(["critical", "error", "warning", "info"]),
  timestamp: timeIn.optional(),
  component: short.optional(),
  group: short.optional(),
  class: short.optional(),
  custom_details: z.unknown().optional(),
});

const eventSchema = z.object({
  routing_key: z.string().min(1).max(255),
  event_action: z.enum(["trigger", "acknowledge", "resolve"]),
  dedup_key: z.string().max(255).optional(),
  payload: payloadSchema.optional(),
});

export interface PagerDutyEvent {
  /** The sender's credential: for checking only, never stored or shown. */
  routingKey: string;
  /** To be sent back: the sender's own, or one made from the payload, so that a replay has the same. */
  dedupKey: string;
  alert: InboundAlert;
}

/**
 * An event of PagerDuty's Events API v2, for senders that know nothing else. "error" counts as critical: when unsure, the
 * higher. Throws `AppError`.
 */
export function readPagerDutyEvent(body: string, now: number): PagerDutyEvent {
  const what = "the PagerDuty event";
  const event = readInboundJson(body, what, eventSchema);
  const { event_action: action, payload } = event;
  if (action === "trigger" && !payload) throw inboundError("inbound-bad-shape", what, "payload: a trigger needs one");
  const labels = payload ? labelsOf(payload) : {};
  const dedupKey =
    event.dedup_key || (payload ? inboundFingerprint("pagerduty", { ...labels, summary: payload.summary }) : "");
  if (dedupKey === "") throw inboundError("inbound-bad-shape", what, `dedup_key: ${action} needs one`);
  const startsAt = payload?.timestamp || now;
  const alert: InboundAlert = {
    fingerprint: inboundFingerprint("pagerduty", {}, dedupKey),
    source: "pagerduty",
    ...{ labels, annotations: payload ? annotationsOf(payload) : {}, startsAt },
    status: action === "trigger" ? "firing" : action === "resolve" ? "resolved" : "acknowledged",
    endsAt: action === "resolve" ? now : 0,
  };
  return { routingKey: event.routing_key, dedupKey, alert };
}

type Payload = z.output<typeof payloadSchema>;

/** `group` and `class` mean something else here, so that theirs have a name of their own. */
function labelsOf({ source, severity, component = "", group = "", class: kind = "" }: Payload): Labels {
  return trimLabels({
    ...{ alertname: kind || "PagerDutyEvent", severity: severity === "error" ? "critical" : severity },
    ...{ source, component, pagerduty_group: group, pagerduty_class: kind },
  });
}

function annotationsOf({ summary, custom_details: details }: Payload): Labels {
  const description = details === undefined ? "" : typeof details === "string" ? details : JSON.stringify(details);
  return trimLabels({ summary, description: cut(description) });
}
