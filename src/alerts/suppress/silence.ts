import { matchesAll, readMatchers } from "../expr/matcher.ts";
import type { AlertReasonCode } from "../reasons.ts";
import type { Silence } from "./types.ts";

const maxSilenceMs = 90 * 86_400_000;

export type SilenceState = "pending" | "active" | "expired";

export function silenceState({ startsAt, endsAt }: Pick<Silence, "startsAt" | "endsAt">, now: number): SilenceState {
  if (now >= endsAt) return "expired";
  return now < startsAt ? "pending" : "active";
}

/** Why a silence may not be made; `undefined`: it may. A bad pattern is told in words. */
export function silenceProblem(silence: Silence): { reason: AlertReasonCode; detail: string } | undefined {
  const { startsAt, endsAt, createdBy, comment } = silence;
  const read = readMatchers(silence.matchers);
  if (read.kind === "refused") return { reason: "silence-no-matcher", detail: read.message };
  if (matchesAll(read.value, {}))
    return { reason: "silence-no-matcher", detail: "every matcher is fulfilled by an alert without labels" };
  if (!(endsAt > startsAt) || endsAt - startsAt > maxSilenceMs)
    return { reason: "silence-bad-times", detail: `${endsAt - startsAt} ms long` };
  if (createdBy.trim() === "" || comment.trim() === "")
    return { reason: "silence-no-author", detail: createdBy.trim() === "" ? "no author" : "no comment" };
  return undefined;
}
