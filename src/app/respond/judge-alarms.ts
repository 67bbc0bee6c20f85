import type { RuleInput } from "../../alerts/state/evaluate-rules.ts";
import { describeError } from "../../lib/app-error.ts";
import type { Logger } from "../../lib/log.ts";
import type { RespondEngine } from "./respond-engine.ts";

export interface JudgeParts {
  engine: Pick<RespondEngine, "step">;
  /** What the rules are judged by, now. */
  facts(): RuleInput;
  onJudged(): void;
  log: Logger;
}

/** Judges all rules by the facts of now; while one judgement runs, no other begins. A failure is told once, until it works again. */
export function createJudge({ engine, facts, onJudged, log }: JudgeParts): { look(): void; idle(): Promise<void> } {
  let running: Promise<void> | undefined;
  let isFailing = false;

  async function judge(): Promise<void> {
    try {
      await engine.step({ rules: facts() });
      isFailing = false;
      onJudged();
    } catch (error) {
      if (!isFailing)
        log.error({ error: describeError(error) }, "judging alarms failed; it is tried again every second");
      isFailing = true;
    }
  }

  return {
    look() {
      running ??= judge().finally(() => (running = undefined));
    },
    async idle() {
      await running;
    },
  };
}
