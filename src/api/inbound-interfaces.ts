import type { InboundAlert } from "../alerts/inbound/types.ts";
import { readAlertmanagerWebhook, readAlertsApi } from "../alerts/inbound/read-alertmanager.ts";
import { readGenericAlerts } from "../alerts/inbound/read-generic.ts";
import { readPagerDutyEvent } from "../alerts/inbound/read-pagerduty.ts";

/** What a request brought. */
export interface InboundRead {
  alerts: readonly InboundAlert[];
  /** The sender's credential, where the body has it: never logged or stored. */
  key?: string;
  dedupKey?: string;
}

export interface InboundRefusal {
  status: number;
  code: string;
  /** Whole sentences. */
  message: string;
}

/** How many alerts of a request are kept. */
export interface InboundStored {
  taken: number;
  refused: number;
}

interface InboundAnswer {
  status: number;
  /** JSON; "": no body. */
  body: string;
}

/** An interface that senders know from another product: how it is read, and how it answers. */
export interface InboundInterface {
  url: string;
  summary: string;
  /** The token is part of the body, which must be read first. */
  hasKeyInBody?: boolean;
  /** Throws `AppError` with a code of `alertReasons`. */
  read(body: string, now: number): InboundRead;
  taken(read: InboundRead, stored: InboundStored): InboundAnswer;
  refused(refusal: InboundRefusal, read?: InboundRead, stored?: InboundStored): InboundAnswer;
}

const nothing = (): InboundAnswer => ({ status: 200, body: "" });
const json = (status: number, value: unknown): InboundAnswer => ({ status, body: JSON.stringify(value) });
const asOurs = ({ status, code, message }: InboundRefusal) => json(status, { error: { code, message } });
const fingerprintsOf = ({ alerts }: InboundRead) => [...new Set(alerts.map(({ fingerprint }) => fingerprint))];

const webhook: InboundInterface = {
  url: "/api/v1/inbound/alertmanager",
  summary: "Alerts from an Alertmanager: its webhook, version 4 (also Grafana's). Answers with an empty body.",
  read: (body, now) => ({ alerts: readAlertmanagerWebhook(body, now) }),
  taken: nothing,
  // Alertmanager sends a webhook again after a 5xx, and after nothing else.
  refused: (refusal) => asOurs(refusal.status === 429 ? { ...refusal, status: 503 } : refusal),
};

const alertsApi: InboundInterface = {
  url: "/api/v2/alerts",
  summary: "Alertmanager's own API: where a Prometheus sends its alerts. Answers with an empty body.",
  read: (body, now) => ({ alerts: readAlertsApi(body, now) }),
  taken: nothing,
  // Alertmanager's API description has errors as one JSON string.
  refused: ({ status, message }) => json(status, message),
};

/** Answers as PagerDuty's description of the Events API v2 has them: an event that is not to be sent again gets 400. */
const pagerDuty: InboundInterface = {
  url: "/v2/enqueue",
  summary: "PagerDuty Events API v2; the token is the routing_key.",
  hasKeyInBody: true,
  read(body, now) {
    const { alert, routingKey, dedupKey } = readPagerDutyEvent(body, now);
    return { alerts: [alert], key: routingKey, dedupKey };
  },
  taken: ({ dedupKey }) => json(202, { status: "success", message: "Event processed", dedup_key: dedupKey }),
  refused({ status, message }) {
    if (status === 429) return json(429, { status: "throttle exceeded", message, errors: [message] });
    if (status >= 500) return json(status, { status: "internal error", message, errors: [message] });
    const answered = status === 403 || status === 413 ? status : 400;
    return json(answered, { status: "invalid event", message: "Event object is invalid", errors: [message] });
  },
};

const generic: InboundInterface = {
  url: "/api/v1/inbound/generic",
  summary:
    "Alerts from anything that can post JSON: { title, status?, severity?, description?, labels?, id?, startsAt? } or a list of them. Answers { taken, refused, fingerprints }.",
  read: (body, now) => ({ alerts: readGenericAlerts(body, now) }),
  taken: (read, stored) => json(200, { ...stored, fingerprints: fingerprintsOf(read) }),
  refused(refusal, read, stored) {
    if (!read || !stored) return asOurs(refusal);
    const { status, code, message } = refusal;
    return json(status, { ...stored, fingerprints: fingerprintsOf(read), error: { code, message } });
  },
};

export const inboundInterfaces: readonly InboundInterface[] = [webhook, alertsApi, pagerDuty, generic];
