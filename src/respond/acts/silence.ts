import { silenceProblem } from "../../alerts/suppress/silence.ts";
import type { Silence } from "../../alerts/suppress/types.ts";
import { alertReasons } from "../../alerts/reasons.ts";
import { AppError } from "../../lib/app-error.ts";
import type { Draft, RespondContext } from "../draft.ts";

/** Throws `bad-request` for one that may not be made, with what is wrong with it. */
export function addSilence(draft: Draft, _: RespondContext, silence: Silence): void {
  const problem = silenceProblem(silence);
  if (problem)
    throw new AppError(`make this silence: ${alertReasons[problem.reason].long} (${problem.detail})`, {
      code: "bad-request",
    });
  draft.state.silences = [...draft.state.silences, silence];
}

/** It ends now. Throws `not-found`, or `conflict` where it has ended. */
export function endSilence(draft: Draft, { now }: RespondContext, id: string): void {
  const silence = draft.state.silences.find((each) => each.id === id);
  if (!silence) throw new AppError(`end silence ${id}: there is none with this id.`, { code: "not-found" });
  if (silence.endsAt <= now) throw new AppError(`end silence ${id}: it has ended already.`, { code: "conflict" });
  const ended = { ...silence, startsAt: Math.min(silence.startsAt, now), endsAt: now };
  draft.state.silences = draft.state.silences.map((each) => (each.id === id ? ended : each));
}
