import type { OnCallNow } from "../../../src/api/contract-oncall.ts";
import type { RespondNow } from "../../../src/api/contract-respond.ts";
import { formatDuration, plural } from "./format.ts";
import type { Tone } from "./shown-state.ts";

/** "2 critical, 1 warning"; `undefined` where nothing fires. */
export function firingWords({ firing }: Pick<RespondNow, "firing">): { tone: Tone; text: string } | undefined {
  const counted = (["critical", "warning", "info"] as const).filter((severity) => firing[severity] > 0);
  const [worst] = counted;
  if (worst === undefined) return undefined;
  const text = counted.map((severity) => `${firing[severity]} ${severity}`).join(", ");
  return { tone: worst === "critical" ? "bad" : worst === "warning" ? "warn" : "wait", text };
}

/** "3 messages were not delivered"; `undefined` where all were. */
export const undeliveredWords = ({ undelivered }: Pick<RespondNow, "undelivered">): string | undefined =>
  undelivered === 0
    ? undefined
    : `${plural(undelivered, "message")} ${undelivered === 1 ? "was" : "were"} not delivered for certain: a person must look`;

/** Who has the duty, and until when; nobody is trouble. */
export function onCallWords(
  { person, until, next }: OnCallNow,
  now: number,
): { tone: Tone; person: string; note: string } {
  // Who follows at once needs no second time.
  const isAtOnce = until !== undefined && next !== undefined && next.fromAt <= until;
  const follows =
    next === undefined ? "" : `${next.person}${isAtOnce ? "" : ` in ${formatDuration(next.fromAt - now)}`}`;
  if (person === undefined)
    return { tone: "warn", person: "nobody", note: follows === "" ? "and nobody follows" : `then ${follows}` };
  const left = until === undefined ? "" : `for ${formatDuration(until - now)} more`;
  return { tone: "fine", person, note: [left, follows === "" ? "" : `then ${follows}`].filter(Boolean).join(", ") };
}
