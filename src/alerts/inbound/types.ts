import type { Labels } from "../labels.ts";

export const inboundSources = ["alertmanager", "alerts-api", "pagerduty", "generic"] as const;
export type InboundSource = (typeof inboundSources)[number];

/** An alert that another system sent. */
export interface InboundAlert {
  /** Over the source and all labels, or the sender's own key where it has one: a replay has the same. */
  fingerprint: string;
  source: InboundSource;
  labels: Labels;
  annotations: Labels;
  status: "firing" | "acknowledged" | "resolved";
  /** Ms since 1970. */
  startsAt: number;
  /** When it ended, or will count as ended unless it is sent again; 0: neither is known. */
  endsAt: number;
  /**
   * Latest end that a sender which renews has promised. A firing message that promises a later one was sent after it, and opens
   * an ended alert again; a late copy does not.
   */
  renewedUntil?: number;
}
