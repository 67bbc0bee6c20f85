/** Days as `Temporal` numbers them, 1 to 7. */
export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof weekdays)[number];

/** Time of day on the wall clock, `HH:MM`, 00:00 to 23:59. */
export type LocalTime = string;
/** Date and time on the wall clock, `YYYY-MM-DDTHH:MM`. */
export type LocalDateTime = string;

export interface Contact {
  channel: string;
  address: string;
}

export interface Person {
  name: string;
  /** IANA name: when this person sleeps. */
  timeZone: string;
  contacts: readonly Contact[];
}

/** When the next person takes over. `custom` counts whole hours, days or weeks on the wall clock. */
export type Handover =
  /** At `minute` (0 unless given) past each hour. */
  | { kind: "hourly"; minute?: number }
  | { kind: "daily"; at: LocalTime }
  | { kind: "weekly"; at: LocalTime; weekday: Weekday }
  | { kind: "custom"; every: number; unit: "hours" | "days"; at: LocalTime }
  | { kind: "custom"; every: number; unit: "weeks"; at: LocalTime; weekday: Weekday };

export interface Rotation {
  handover: Handover;
  /** Names in order; the first has the turn at the layer's `effectiveFrom`. */
  people: readonly string[];
}

/** A window of the wall clock. An end at or before its beginning is on the next day. */
export interface Restriction {
  /** Days on which the window begins; every day unless given. */
  days?: readonly Weekday[];
  from: LocalTime;
  to: LocalTime;
}

/**
 * One rotation, in effect from `effectiveFrom` until before `effectiveUntil`. A change of a rotation is a second layer with the
 * same name that begins where the first ends, so that the past stays as it was.
 */
export interface Layer {
  name: string;
  /** IANA name: the wall clock of its handovers, windows and dates. The schedule's unless given (follow-the-sun). */
  timeZone?: string;
  rotation: Rotation;
  effectiveFrom: LocalDateTime;
  effectiveUntil?: LocalDateTime;
  /** On call only within these windows; always unless given. */
  restrictions?: readonly Restriction[];
}

/** One person instead of whoever the layers name, in `[fromAt, toAt)`, ms since 1970. */
export interface Override {
  fromAt: number;
  toAt: number;
  person: string;
}

export interface Schedule {
  name: string;
  /** IANA name. */
  timeZone: string;
  /** A later one wins over an earlier one where it has somebody. */
  layers: readonly Layer[];
  /** They win over every layer; a later one wins over an earlier one. */
  overrides: readonly Override[];
  /** People in training: told beside whoever is on call, never instead. */
  shadows?: readonly Layer[];
}

/** What put a person on call. `turn` counts the handovers of the layer since its `effectiveFrom`. */
export type OnCallSource = { kind: "layer"; layer: Layer; turn: number } | { kind: "override"; override: Override };

/** Somebody is on call in `[fromAt, toAt)`, ms since 1970. */
export interface Shift {
  fromAt: number;
  toAt: number;
  person: string;
  /** Of its first instant. */
  source: OnCallSource;
}
