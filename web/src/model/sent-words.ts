import type { ShownPage } from "../../../src/api/contract-oncall.ts";
import type { Tone } from "./shown-state.ts";

const states: Readonly<Record<ShownPage["state"], { tone: Tone; word: string }>> = {
  pending: { tone: "wait", word: "waiting" },
  sending: { tone: "wait", word: "being sent" },
  sent: { tone: "fine", word: "sent" },
  failed: { tone: "bad", word: "failed" },
  dropped: { tone: "aside", word: "not needed any more" },
  held: { tone: "warn", word: "may have arrived: a person decides" },
};

/** How it stands with a message that was to be sent. */
export const sentState = ({ state }: Pick<ShownPage, "state">): { tone: Tone; word: string } => states[state];

/** "attempt 3, rate limited: 429 from the channel"; "" where there is nothing to say. */
export function attemptWords({ attempt, errorClass, detail, fallbackOf }: ShownPage): string {
  const parts = [
    attempt > 1 ? `attempt ${attempt}` : "",
    errorClass === undefined ? "" : `${errorClass.replaceAll("-", " ")}${detail === undefined ? "" : `: ${detail}`}`,
    fallbackOf === undefined ? "" : "by a fallback channel",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
