import type {
  Escalation,
  EscalationEvent,
  EscalationPolicy,
  EscalationResult,
  OnCallBook,
  Page,
  StepNote,
} from "./escalation.ts";
import { reach } from "./reach.ts";
import type { OnCallReasonCode } from "./reasons.ts";

/** From the last step of a round to the next, where the policy does not say, ms. */
export const defaultRepeatAfterMs = 5 * 60_000;

type Waiting = Extract<Escalation, { kind: "pending" | "triggered" }>;
interface Told {
  pages: Page[];
  notes: StepNote[];
}

/** An escalation by a policy begins at `at` (ms since 1970), with whatever is due at once. */
export function startEscalation(policy: EscalationPolicy, at: number, book: OnCallBook): EscalationResult {
  const chain = structuredClone(policy);
  const state = beginRound({ chain, startedAt: at, round: 0, lastRound: chain.repeats }, at, "pending");
  return sweep(state, at, book, { pages: [], notes: [] });
}

/**
 * What an event makes of an escalation, and who is to be paged now. Nothing depends on when it is swept: a late sweep pages every
 * step of the round that is overdue, each person once, and the next round counts from the sweep. People who acknowledge before
 * an overdue step was swept end it: that step is not paged.
 */
export function escalate(state: Escalation, event: EscalationEvent, book: OnCallBook): EscalationResult {
  if (state.kind === "resolved") return { state, pages: [], notes: [], reason: "escalation-over" };
  const { chain, startedAt, round, lastRound } = state;
  const course = { chain, startedAt, round, lastRound };
  switch (event.kind) {
    case "sweep":
      return sweep(state, event.at, book, { pages: [], notes: [] });
    case "acknowledge": {
      const dueAt = chain.acknowledgeExpiryMs === undefined ? undefined : event.at + chain.acknowledgeExpiryMs;
      return still({ ...course, kind: "acknowledged", by: event.by, acknowledgedAt: event.at, dueAt });
    }
    case "resolve":
      return still({ ...course, kind: "resolved", by: event.by, resolvedAt: event.at, dueAt: undefined });
  }
}

function sweep(state: Escalation, at: number, book: OnCallBook, told: Told): EscalationResult {
  if (state.dueAt === undefined || at < state.dueAt) return still(state, told);
  if (state.kind !== "acknowledged") return sweepSteps(state, at, book, told);
  const lastRound = state.round + 1 + state.chain.repeats;
  const again = beginRound({ ...courseOf(state), round: state.round + 1, lastRound }, at, "triggered");
  return { ...sweep(again, at, book, told), reason: "acknowledgement-expired" };
}

/** Every step of this round that is due, then the end of the round. */
function sweepSteps(state: Waiting, at: number, book: OnCallBook, told: Told): EscalationResult {
  const { chain, round } = state;
  let { step, dueAt } = state;
  if (step >= chain.steps.length) return endRound(state, at, book, told);
  while (step < chain.steps.length && dueAt <= at) {
    const hasReached = page({ ...state, step, dueAt }, at, book, told);
    step++;
    const next = chain.steps[step];
    // A step that reached nobody is no reason to wait for an answer.
    if (!hasReached) told.notes.push({ round, step: step - 1, target: undefined, reason: "step-reached-nobody" });
    if (!next) dueAt = at + (chain.repeatAfterMs ?? defaultRepeatAfterMs);
    else if (hasReached) dueAt += next.afterMs;
  }
  return still({ ...courseOf(state), kind: "triggered", step, dueAt }, told);
}

function endRound(state: Waiting, at: number, book: OnCallBook, told: Told): EscalationResult {
  const isOver = state.round >= state.lastRound || state.chain.steps.length === 0;
  if (isOver) return still({ ...courseOf(state), kind: "expired", expiredAt: at, dueAt: undefined }, told);
  return sweep(beginRound({ ...courseOf(state), round: state.round + 1 }, at, "triggered"), at, book, told);
}

/** Pages whom a step reaches now; false: nobody. */
function page({ chain, round, step, dueAt }: Waiting, at: number, book: OnCallBook, told: Told): boolean {
  let hasReached = false;
  for (const target of chain.steps[step]?.notify ?? []) {
    const reached = reach(target, book, at);
    const note = (reason: OnCallReasonCode) => told.notes.push({ round, step, target, reason });
    if (reached.person === undefined) {
      note(reached.reason);
      continue;
    }
    hasReached = true;
    if (told.pages.some(({ person }) => person === reached.person)) {
      note("paged-already");
      continue;
    }
    told.pages.push({ person: reached.person, round, step, target, dueAt, at });
    note("page-sent");
  }
  return hasReached;
}

type Course = Pick<Escalation, "chain" | "startedAt" | "round" | "lastRound">;

function courseOf({ chain, startedAt, round, lastRound }: Escalation): Course {
  return { chain, startedAt, round, lastRound };
}

function beginRound(course: Course, at: number, kind: Waiting["kind"]): Escalation {
  return { ...course, kind, step: 0, dueAt: at + (course.chain.steps[0]?.afterMs ?? 0) };
}

const reasonOf: Readonly<Record<Escalation["kind"], OnCallReasonCode>> = {
  pending: "escalation-pending",
  triggered: "escalation-triggered",
  acknowledged: "escalation-acknowledged",
  resolved: "escalation-resolved",
  expired: "escalation-expired",
};

function still(state: Escalation, told: Told = { pages: [], notes: [] }): EscalationResult {
  return { state, ...told, reason: reasonOf[state.kind] };
}
