import type { RuleProblem } from "../../alerts/state/types.ts";
import type { Clock } from "../../lib/clock.ts";
import type { OutboxStore } from "../../outbox/ports.ts";
import type { Draft, RespondContext } from "../../respond/draft.ts";
import { stateOfRows } from "../../respond/rows.ts";
import { respondStep, type Step, type StepInput } from "../../respond/step.ts";
import type { RespondCommit, RespondState, RespondStore } from "../../respond/types.ts";

/** Where a test may stop the process. */
export type EngineFailpoint = "before-commit" | "after-commit";

export interface EngineParts {
  store: RespondStore;
  outbox: Pick<OutboxStore, "now">;
  /** Everything of the context but the instant. */
  context: () => Omit<RespondContext, "now">;
  clock: Clock;
  /** After each step that wrote something. */
  onCommitted: (commit: RespondCommit) => void;
  failpoint?: (name: EngineFailpoint) => void;
}

export interface RespondEngine {
  state(): RespondState;
  problems(): readonly RuleProblem[];
  /** When the rules were last judged and what came of it was stored, ms since 1970. */
  lastJudgedAt(): number;
  /**
   * One step, after those that were asked before. Resolves when it is stored; where storing fails it rejects, and the next step
   * starts from what is stored then: a database may have kept a step and lost only the answer.
   */
  step(input: StepInput, act?: (draft: Draft, context: RespondContext) => void): Promise<Step>;
  /** Resolves when the steps that were asked for have ended. */
  idle(): Promise<void>;
}

/** Keeps what is open in memory as it was last committed, and changes it by one step at a time. */
export async function createRespondEngine(parts: EngineParts): Promise<RespondEngine> {
  const { store, outbox, context, clock, onCommitted, failpoint } = parts;
  let state = stateOfRows(await store.load());
  let problems: readonly RuleProblem[] = [];
  let lastJudgedAt = clock.now();
  let isStateKnown = true;
  let last: Promise<unknown> = Promise.resolve();

  async function run(input: StepInput, act?: (draft: Draft, context: RespondContext) => void): Promise<Step> {
    if (!isStateKnown) state = stateOfRows(await store.load());
    isStateKnown = true;
    const step = respondStep(state, input, { ...context(), now: clock.now() }, act);
    const isChanged = Object.values(step.commit).some((list: readonly unknown[]) => list.length > 0);
    if (isChanged) {
      isStateKnown = false;
      failpoint?.("before-commit");
      await store.commit(step.commit, await outbox.now());
      failpoint?.("after-commit");
    }
    state = step.after;
    isStateKnown = true;
    if (step.problems) {
      ({ problems } = step);
      lastJudgedAt = clock.now();
    }
    if (isChanged) onCommitted(step.commit);
    return step;
  }

  return {
    state: () => state,
    problems: () => problems,
    lastJudgedAt: () => lastJudgedAt,
    step(input, act) {
      const step = last.then(() => run(input, act));
      last = step.catch(() => undefined);
      return step;
    },
    async idle() {
      await last;
    },
  };
}
