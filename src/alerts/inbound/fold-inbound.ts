import type { InboundAlert } from "./types.ts";

export const maxInboundAlerts = 10_000;
/** How long the end of an alert is remembered, so that a late copy of its beginning does not open it again. */
const rememberMs = 24 * 3_600_000;
/** Who renews comes again within that time of its being able to: Prometheus every minute. */
const renewalMs = 5 * 60_000;

export interface InboundFold {
  /** Open ones, and ended ones that are still remembered; sorted by fingerprint. */
  alerts: InboundAlert[];
  /** New alerts that found no room. */
  refused: number;
}

/**
 * What is known of inbound alerts after more have come. A copy of what is known changes nothing; an older occurrence than
 * the one that is known is left out; what was to be renewed and was not has ended, until it is renewed after all.
 * `listeningSince`: when this process began to take alerts, ms since 1970. What nobody could renew before has five minutes.
 */
export function foldInbound(
  known: readonly InboundAlert[],
  incoming: readonly InboundAlert[],
  now: number,
  listeningSince = -Infinity,
): InboundFold {
  const overAt = now - listeningSince < renewalMs ? -Infinity : now;
  const alerts = new Map(known.map((alert) => [alert.fingerprint, expire(alert, overAt)]));
  let open = [...alerts.values()].filter(isOpen).length;
  let refused = 0;
  for (const alert of incoming) {
    const before = alerts.get(alert.fingerprint);
    const next = before ? merge(before, alert) : begin(alert);
    if (!next) continue;
    if (isOpen(next) && !(before && isOpen(before)) && open >= maxInboundAlerts) {
      refused += 1;
      continue;
    }
    open += Number(isOpen(next)) - Number(before !== undefined && isOpen(before));
    alerts.set(alert.fingerprint, next);
  }
  const kept = [...[...alerts.values()].filter(isOpen), ...remembered([...alerts.values()], now)];
  return { alerts: kept.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)), refused };
}

/** An end that comes before its beginning is remembered as well: they may have overtaken each other. */
function begin(alert: InboundAlert): InboundAlert | undefined {
  return alert.status === "acknowledged" ? undefined : alert;
}

function merge(before: InboundAlert, alert: InboundAlert): InboundAlert {
  switch (alert.status) {
    case "firing":
      if (isOpen(before))
        return {
          ...alert,
          startsAt: Math.min(before.startsAt, alert.startsAt),
          status: before.status,
          ...end(before, alert),
        };
      return alert.startsAt > before.startsAt || isRenewed(before, alert) ? alert : before;
    case "acknowledged":
      return isOpen(before) ? { ...before, status: "acknowledged" } : before;
    case "resolved":
      // The end of an earlier occurrence that arrives late ends nothing.
      if (!isOpen(before) || alert.endsAt < before.startsAt) return before;
      return { ...before, status: "resolved", endsAt: alert.endsAt };
  }
}

/** The later of two ends that were promised: messages may overtake each other. */
function end(before: InboundAlert, alert: InboundAlert): Partial<InboundAlert> {
  if (before.renewedUntil === undefined || alert.renewedUntil === undefined) return {};
  const renewedUntil = Math.max(before.renewedUntil, alert.renewedUntil);
  return { endsAt: renewedUntil, renewedUntil };
}

function isRenewed(before: InboundAlert, alert: InboundAlert): boolean {
  return (
    before.renewedUntil !== undefined && alert.renewedUntil !== undefined && alert.renewedUntil > before.renewedUntil
  );
}

/** Ends an alert that was promised to be renewed by that instant. */
function expire(alert: InboundAlert, overAt: number): InboundAlert {
  return isOpen(alert) && alert.endsAt !== 0 && alert.endsAt <= overAt ? { ...alert, status: "resolved" } : alert;
}

/** Ended alerts of the last day; of a flood of them the newest. */
function remembered(alerts: readonly InboundAlert[], now: number): InboundAlert[] {
  const ended = alerts.filter((alert) => !isOpen(alert) && now - alert.endsAt < rememberMs);
  return ended.length <= maxInboundAlerts
    ? ended
    : ended.sort((a, b) => b.endsAt - a.endsAt).slice(0, maxInboundAlerts);
}

function isOpen({ status }: InboundAlert): boolean {
  return status !== "resolved";
}
