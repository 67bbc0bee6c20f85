import type { OnCallReasonCode } from "./reasons.ts";
import type { Person, Schedule } from "./types.ts";

export type Target = { schedule: string } | { person: string };

export interface EscalationStep {
  /** Ms after the step before, or after the start of the round for the first one. */
  afterMs: number;
  notify: readonly Target[];
}

export interface EscalationPolicy {
  name: string;
  steps: readonly EscalationStep[];
  /** Rounds after the first one; 0: each step is paged once. */
  repeats: number;
  /** From the last step of a round to the next round, or to giving up; 5 minutes unless given. */
  repeatAfterMs?: number;
  /** An acknowledgement without a resolution holds so long; for ever unless given. */
  acknowledgeExpiryMs?: number;
}

/** Those whom an escalation can reach, as they are now. */
export interface OnCallBook {
  schedules: readonly Schedule[];
  people: readonly Person[];
}

interface Course {
  /** The policy as it was at the start: later edits do not change what is under way. */
  chain: EscalationPolicy;
  startedAt: number;
  /** Counts from 0 and never again from 0, so that round, step and person name one page. */
  round: number;
  /** After this round nobody is left to page. */
  lastRound: number;
}

/** Step that is due next; as many as there are steps: the round is over. */
interface Waiting {
  step: number;
  /** Ms since 1970: sweep it then, or later. */
  dueAt: number;
}

export type Escalation = Course &
  (
    | ({ kind: "pending" } & Waiting)
    | ({ kind: "triggered" } & Waiting)
    | { kind: "acknowledged"; by: string; acknowledgedAt: number; dueAt: number | undefined }
    | { kind: "resolved"; by: string | undefined; resolvedAt: number; dueAt: undefined }
    | { kind: "expired"; expiredAt: number; dueAt: undefined }
  );

export type EscalationEvent =
  /** Look what is due; as often and as late as may be. */
  | { kind: "sweep"; at: number }
  | { kind: "acknowledge"; at: number; by: string }
  /** Without `by`: the cause is gone. */
  | { kind: "resolve"; at: number; by?: string };

/** One person to be paged now. Round, step and person together never come twice in an escalation. */
export interface Page {
  person: string;
  round: number;
  step: number;
  /** What named the person. */
  target: Target;
  /** When the step was due; earlier than `at` after a late sweep. */
  dueAt: number;
  at: number;
}

/** What became of one target of a step that was due, or of the whole step. */
export interface StepNote {
  round: number;
  step: number;
  /** `undefined`: the whole step. */
  target: Target | undefined;
  reason: OnCallReasonCode;
}

export interface EscalationResult {
  state: Escalation;
  pages: readonly Page[];
  /** Whether the event changed anything, and why it stands as it does. */
  reason: OnCallReasonCode;
  notes: readonly StepNote[];
}
