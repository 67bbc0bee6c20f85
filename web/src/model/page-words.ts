import type { ShownPage, ShownPerson } from "../../../src/api/contract-oncall.ts";
import type { MessageState } from "../../../src/outbox/types.ts";
import type { Tone } from "./shown-state.ts";

/** Nothing more happens to it by itself. */
export const isOver = (state: MessageState): boolean => state !== "pending" && state !== "sending";

const shown: Readonly<Record<MessageState, { tone: Tone; word: string }>> = {
  pending: { tone: "wait", word: "waits to be sent" },
  sending: { tone: "wait", word: "being sent" },
  sent: { tone: "fine", word: "accepted by the provider" },
  failed: { tone: "bad", word: "failed" },
  dropped: { tone: "unknown", word: "dropped" },
  held: { tone: "warn", word: "may have arrived; a person decides" },
};

/** How a message stands; a state that this page does not know is unknown. */
export const messageState = (state: string): { tone: Tone; word: string } =>
  Object.hasOwn(shown, state) ? shown[state as MessageState] : { tone: "unknown", word: state };

/** "failed: chat not found (attempt 3)" */
export function pageWords({ state, detail, attempt }: ShownPage): string {
  const why = detail === undefined || detail === "" ? "" : `: ${detail.replace(/\.$/, "")}`;
  return `${messageState(state).word}${why}${attempt > 1 ? ` (attempt ${attempt})` : ""}`;
}

type LastTest = ShownPerson["contacts"][number]["lastTest"];

/** How the last test of a contact went. Never tested is unknown, not fine; accepted and not acknowledged is less than proven. */
export function testShown(test: LastTest): { tone: Tone; word: string } {
  if (test === undefined) return { tone: "unknown", word: "never tested" };
  if (test.state !== "sent") return messageState(test.state);
  return test.acknowledgedAt === undefined
    ? { tone: "warn", word: "accepted, not acknowledged" }
    : { tone: "fine", word: "acknowledged" };
}
