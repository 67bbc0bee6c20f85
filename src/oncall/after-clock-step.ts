import { defaultRepeatAfterMs } from "./escalate.ts";
import type { Escalation } from "./escalation.ts";

/** The escalation after a clock that was ahead was set back: nothing waits longer than its policy says. The same where nothing does. */
export function afterClockStep(escalation: Escalation, now: number): Escalation {
  if (escalation.dueAt === undefined || escalation.dueAt <= now) return escalation;
  const { steps, repeatAfterMs = defaultRepeatAfterMs, acknowledgeExpiryMs = Infinity } = escalation.chain;
  const longestMs =
    escalation.kind === "acknowledged"
      ? acknowledgeExpiryMs
      : Math.max(repeatAfterMs, ...steps.map(({ afterMs }) => afterMs));
  return escalation.dueAt <= now + longestMs ? escalation : { ...escalation, dueAt: now + longestMs };
}
