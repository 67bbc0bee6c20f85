import { createLimits, startProviderStandIn, type ProviderStandIn, type StandInAnswer } from "./provider-stand-in.ts";

export interface PagerdutyEvent {
  event_action: string;
  dedup_key: string;
  payload?: Record<string, unknown>;
  links?: { href: string; text: string }[];
}

export interface PagerdutyStandIn extends ProviderStandIn {
  events: PagerdutyEvent[];
  /** Incidents that are open, by `dedup_key`. */
  open(): string[];
}

const actions = ["trigger", "acknowledge", "resolve"];
const severities = ["critical", "error", "warning", "info"];

/** PagerDuty's Events API v2 with its limits: 512 KB, dedup_key of 255, summary of 1,024, 120 events a minute for a key. */
export async function startPagerdutyStandIn(routingKey: string, perMinute = 120): Promise<PagerdutyStandIn> {
  const limits = createLimits(perMinute, 60_000);
  const events: PagerdutyEvent[] = [];
  const invalid = (problem: string): StandInAnswer => ({
    status: 400,
    body: { status: "invalid event", message: "Event object is invalid", errors: [problem] },
  });
  const standIn = await startProviderStandIn(({ method, url, text, json }) => {
    if (method !== "POST" || url.pathname !== "/v2/enqueue") return { status: 404, body: {} };
    if (json["routing_key"] !== routingKey) return invalid("'routing_key' is invalid");
    const wait = limits.take(routingKey);
    if (wait !== undefined) return { status: 429, headers: { "retry-after": String(wait) }, body: {} };
    if (text.length > 512 * 1024) return { status: 413, body: {} };
    const event = json as unknown as PagerdutyEvent;
    const problem = problemOf(event);
    if (problem !== undefined) return invalid(problem);
    events.push(event);
    return { status: 202, body: { status: "success", message: "Event processed", dedup_key: event.dedup_key } };
  });
  return Object.assign(standIn, { events, open: () => openKeys(events) });
}

function problemOf({ event_action, dedup_key, payload, links }: PagerdutyEvent): string | undefined {
  if (!actions.includes(event_action)) return "'event_action' is invalid";
  if (typeof dedup_key !== "string" || dedup_key.length > 255) return "'dedup_key' is too long";
  if (event_action !== "trigger") return undefined;
  const { summary, source, severity, timestamp } = payload ?? {};
  if (typeof summary !== "string" || summary === "" || summary.length > 1_024) return "'payload.summary' is invalid";
  if (typeof source !== "string" || source === "") return "'payload.source' is missing or blank";
  if (!severities.includes(String(severity))) return "'payload.severity' is invalid";
  if (timestamp !== undefined && Number.isNaN(Date.parse(String(timestamp)))) return "'payload.timestamp' is invalid";
  return links?.every(({ href }) => URL.canParse(href)) === false ? "'links' is invalid" : undefined;
}

function openKeys(events: readonly PagerdutyEvent[]): string[] {
  const open = new Set<string>();
  for (const { event_action, dedup_key } of events)
    if (event_action === "trigger") open.add(dedup_key);
    else if (event_action === "resolve") open.delete(dedup_key);
  return [...open];
}
