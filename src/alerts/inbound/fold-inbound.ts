import type { InboundAlert } from "./types.ts";

export const maxInboundAlerts = 10_000;
/** How long the end of an alert is remembered, so that a late copy of its beginning does not open it again. */
const rememberMs = 24 * 3_600_000;

export interface InboundFold {
  /** Open ones, and ended ones that are still remembered; sorted by fingerprint. */
  alerts: InboundAlert[];
  /** New alerts that found no room. */
  refused: number;
}

/**
 * What is known of inbound alerts after more have come. A copy of what is known changes nothing; an older occurrence than
 * the one that is known is left out; what was to be renewed and was not has ended.
 */
export function foldInbound(
  known: readonly InboundAlert[],
  incoming: readonly InboundAlert[],
  now: number,
): InboundFold {
  const alerts = new Map(known.map((alert) => [alert.fingerprint, expire(alert, now)]));
  let open = [...alerts.values()].filter(isOpen).length;
  let refused = 0;
  for (const alert of incoming) {
    const before = alerts.get(alert.fingerprint);
    const next = before ? merge(before, alert) : isOpen(alert) && alert.status === "firing" ? alert : undefined;
    if (!next) continue;
    if (isOpen(next) && !(before && isOpen(before)) && open >= maxInboundAlerts) {
      refused += 1;
      continue;
    }
    open += Number(isOpen(next)) - Number(before !== undefined && isOpen(before));
    alerts.set(alert.fingerprint, next);
  }
  const kept = [...alerts.values()].filter((alert) => isOpen(alert) || now - alert.endsAt < rememberMs);
  return { alerts: kept.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)), refused };
}

function merge(before: InboundAlert, alert: InboundAlert): InboundAlert {
  switch (alert.status) {
    case "firing":
      if (isOpen(before))
        return { ...alert, startsAt: Math.min(before.startsAt, alert.startsAt), status: before.status };
      return alert.startsAt > before.startsAt ? alert : before;
    case "acknowledged":
      return isOpen(before) ? { ...before, status: "acknowledged" } : before;
    case "resolved":
      // The end of an earlier occurrence that arrives late ends nothing.
      if (!isOpen(before) || alert.endsAt < before.startsAt) return before;
      return { ...before, status: "resolved", endsAt: alert.endsAt };
  }
}

function expire(alert: InboundAlert, now: number): InboundAlert {
  return isOpen(alert) && alert.endsAt !== 0 && alert.endsAt <= now ? { ...alert, status: "resolved" } : alert;
}

function isOpen({ status }: InboundAlert): boolean {
  return status !== "resolved";
}
