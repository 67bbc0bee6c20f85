import { foldInbound } from "../../alerts/inbound/fold-inbound.ts";
import type { InboundAlert } from "../../alerts/inbound/types.ts";
import type { RespondPorts } from "../ports-respond.ts";

/** Alerts of other systems, kept in memory as the product keeps them. */
export interface FakeInbox extends Pick<RespondPorts, "ingest"> {
  alerts(): readonly InboundAlert[];
  open(): readonly InboundAlert[];
  /** Who sent what was taken, one for each request. */
  takenFrom: string[];
  /** Requests that wait for `before`. */
  readonly waiting: number;
  /** What happens before a request is stored. */
  before: (() => Promise<void>) | undefined;
  /** Open alerts that fit. */
  room: number;
}

export function fakeInbox(now: () => number): FakeInbox {
  let alerts: readonly InboundAlert[] = [];
  let waiting = 0;
  const inbox: FakeInbox = {
    ...{ takenFrom: [], before: undefined, room: Infinity },
    get waiting() {
      return waiting;
    },
    alerts: () => alerts,
    open: () => foldInbound(alerts, [], now()).alerts.filter(({ status }) => status !== "resolved"),
    async ingest(incoming, by) {
      waiting += 1;
      try {
        await inbox.before?.();
      } finally {
        waiting -= 1;
      }
      const known = new Set(alerts.map(({ fingerprint }) => fingerprint));
      const isRefused = ({ fingerprint }: InboundAlert) => !known.has(fingerprint) && inbox.open().length >= inbox.room;
      const fits = incoming.filter((alert) => !isRefused(alert));
      const folded = foldInbound(alerts, fits, now());
      alerts = folded.alerts;
      inbox.takenFrom.push(by);
      const refused = incoming.length - fits.length + folded.refused;
      return { taken: incoming.length - refused, refused };
    },
  };
  return inbox;
}
