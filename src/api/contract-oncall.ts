import type { Severity } from "../alerts/severity.ts";
import type { OnCallFinding } from "../oncall/check-on-call.ts";
import type { ErrorClass, MessageKind, MessageState } from "../outbox/types.ts";
import type { MutationAnswer } from "./contract.ts";

/** On-call, pages and links; the endpoints are listed in `contract-respond.ts`. Times are ms since 1970. */
export interface OnCallNow {
  schedule: string;
  timeZone: string;
  /** `undefined`: nobody. */
  person: string | undefined;
  since: number | undefined;
  until: number | undefined;
  next: { person: string; fromAt: number } | undefined;
}

export interface ShownShift {
  schedule: string;
  fromAt: number;
  toAt: number;
  person: string;
  /** The layer's name, or "override". */
  by: string;
}

export interface ShownPerson {
  name: string;
  timeZone: string;
  contacts: readonly {
    channel: string;
    address: string;
    lastTest: { at: number; state: MessageState; acknowledgedAt: number | undefined } | undefined;
  }[];
  /** Of the last 28 days: hours on call, pages; pages, and minutes on call, from 22:00 to 07:00 of their own clock. */
  load: { onCallHours: number; pages: number; sleepPages: number; sleepMinutes: number };
}

export interface OnCallPage {
  at: number;
  fromAt: number;
  toAt: number;
  now: readonly OnCallNow[];
  shifts: readonly ShownShift[];
  gaps: readonly { schedule: string; fromAt: number; toAt: number }[];
  overrides: readonly {
    id: string;
    schedule: string;
    person: string;
    fromAt: number;
    toAt: number;
    createdBy: string;
  }[];
  people: readonly ShownPerson[];
  policies: readonly {
    name: string;
    steps: readonly { afterMs: number; notify: readonly string[] }[];
    repeats: number;
    acknowledgeExpiryMs: number | undefined;
  }[];
  findings: readonly OnCallFinding[];
}

export interface OverrideBody {
  schedule: string;
  person: string;
  fromAt: number;
  toAt: number;
}

export interface TestPageBody {
  /** Everybody who is on call, where no person is named. */
  person?: string;
  /** All contacts, where none is named. */
  channel?: string;
}

export interface TestPageAnswer extends MutationAnswer {
  pages: readonly { id: string; person: string; channel: string }[];
}

/** A message of the outbox, as people see it. */
export interface ShownPage {
  id: string;
  kind: MessageKind;
  state: MessageState;
  recipient: string;
  channel: string;
  title: string;
  createdAt: number;
  sentAt: number | undefined;
  attempt: number;
  errorClass: ErrorClass | undefined;
  reason: string | undefined;
  detail: string | undefined;
  providerMessageId: string | undefined;
  fallbackOf: string | undefined;
}

export interface PagesPage {
  items: readonly ShownPage[];
  counts: Readonly<Record<MessageState, number>>;
  oldestUnfinishedAt: number | undefined;
}

/** From a page back to slot and node: each step with its instant and where it is looked up. */
export interface PageTrace {
  page: ShownPage;
  steps: readonly {
    what: "message" | "escalation" | "incident" | "group" | "alert" | "fact" | "duty" | "node";
    at: number;
    text: string;
    link: string | undefined;
  }[];
}

export interface AcknowledgeView {
  title: string;
  person: string;
  severity: Severity;
  incident: string | undefined;
  startsAt: number;
  state: "open" | "acknowledged" | "over";
  acknowledgedBy: string | undefined;
  expiresAt: number;
}
