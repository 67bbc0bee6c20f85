import type { OnCallNow, OnCallPage } from "../../../src/api/contract-oncall.ts";
import { formatLength, plural } from "./format.ts";
import type { Tone } from "./shown-state.ts";
import { localMoment } from "./zone-time.ts";
import type { ReasonText, ToldFact } from "./told-fact.ts";

/** Who is on call, in one sentence; a schedule without anybody is said first. */
export function onCallSentence({ now, findings }: OnCallPage): { tone: Tone; sentence: string } {
  if (now.length === 0) return { tone: "unknown", sentence: "No schedule is configured." };
  const empty = now.filter(({ person }) => person === undefined).map(({ schedule }) => schedule);
  if (empty.length > 0) return { tone: "bad", sentence: `Nobody is on call for ${empty.join(", ")}.` };
  const [first] = now;
  const sentence =
    now.length === 1 && first !== undefined
      ? `${first.person} is on call.`
      : `${now.map(({ schedule, person }) => `${person} has ${schedule}`).join(", ")}.`;
  return { tone: findings.length > 0 ? "warn" : "fine", sentence };
}

/** "for 3 h 05 min more", "until it is changed" */
export const untilWords = ({ until }: OnCallNow, now: number): string =>
  until === undefined ? "until the plan is changed" : `for ${formatLength(until - now)} more`;

/** What would leave a page without a reader, the soonest first. */
export function findingFacts({ findings }: OnCallPage, reasonOf: ReasonText): readonly ToldFact[] {
  return findings
    .toSorted((a, b) => (a.fromAt ?? 0) - (b.fromAt ?? 0))
    .map(({ reason, subject, detail, fromAt }, index) => ({
      key: `${index} ${reason} ${subject}`,
      tone: "warn",
      name: subject,
      words: `${reasonOf(reason).short}: ${detail}`,
      at: fromAt,
      lines: [reasonOf(reason).long].filter((line) => line !== ""),
    }));
}

/** When a step of a policy is due, counted from the page. */
export const stepWords = (afterMs: number): string => (afterMs === 0 ? "at once" : `after ${formatLength(afterMs)}`);

/** What a policy does after its last step, and how long an acknowledgement holds. */
export const policyEndWords = ({ repeats, acknowledgeExpiryMs }: OnCallPage["policies"][number]): string =>
  `${repeats === 0 ? "Not repeated" : `Repeated ${repeats === 1 ? "once" : `${repeats} times`}`}; ${
    acknowledgeExpiryMs === undefined
      ? "an acknowledgement holds until the end"
      : `pages again ${formatLength(acknowledgeExpiryMs)} after an acknowledgement`
  }.`;

/** "Nobody for 56 h in 14 gaps, first from Thu 26 Nov, 21:00." in the browser's zone. */
export function gapWords(gaps: OnCallPage["gaps"]): string {
  const ms = gaps.reduce((sum, gap) => sum + gap.toAt - gap.fromAt, 0);
  const first = Math.min(...gaps.map(({ fromAt }) => fromAt));
  return `Nobody for ${formatLength(ms)} in ${plural(gaps.length, "gap")}, first from ${localMoment(first)}.`;
}
