import type { AcknowledgeView } from "../../../src/api/contract-oncall.ts";
import type { Tone } from "./shown-state.ts";

/** What a signed link is good for now. */
export interface LinkState {
  kind: AcknowledgeView["state"] | "expired";
  tone: Tone;
  sentence: string;
}

/** A link that has expired still tells what became of the alarm, where that is known. */
export function linkState(view: AcknowledgeView, now: number): LinkState {
  const by = view.acknowledgedBy;
  switch (view.state) {
    case "acknowledged":
      return { kind: "acknowledged", tone: "fine", sentence: `Acknowledged by ${by ?? "somebody"}.` };
    case "over":
      return { kind: "over", tone: "aside", sentence: "It is over: there is nothing to acknowledge." };
    case "open":
      return view.expiresAt <= now
        ? {
            kind: "expired",
            tone: "unknown",
            sentence: "This link has expired. Acknowledge on the page of the incident.",
          }
        : { kind: "open", tone: "warn", sentence: "Nobody has acknowledged it yet." };
  }
}
