import type { OnCallPage, ShownPage, ShownPerson, ShownShift } from "../../../src/api/contract-oncall.ts";

const hour = 3_600_000;
const day = 24 * hour;

const load = { onCallHours: 168, pages: 4, sleepPages: 1, sleepMinutes: 40 };

export function peopleOf(now: number): ShownPerson[] {
  const tested = { at: now - 3 * day, state: "sent" as const, acknowledgedAt: now - 3 * day + 40_000 };
  return [
    {
      ...{ name: "alice", timeZone: "Europe/Berlin", load },
      contacts: [
        { channel: "telegram", address: "@alice", lastTest: tested },
        { channel: "email", address: "alice@ops.example", lastTest: { ...tested, acknowledgedAt: undefined } },
      ],
    },
    {
      ...{ name: "bob", timeZone: "America/New_York", load: { ...load, onCallHours: 172, pages: 9, sleepMinutes: 0 } },
      contacts: [{ channel: "telegram", address: "@bob", lastTest: { ...tested, state: "failed" } }],
    },
    {
      ...{ name: "carol", timeZone: "Asia/Tokyo", load: { onCallHours: 0, pages: 0, sleepPages: 0, sleepMinutes: 0 } },
      contacts: [],
    },
  ];
}

/** Two schedules: one with everybody in turn and an override, one with a gap at night. */
export function usualOnCall(now: number): OnCallPage {
  const midnight = new Date(now).setUTCHours(0, 0, 0, 0);
  const shift = (schedule: string, person: string, from: number, to: number, by = "weekly"): ShownShift => ({
    ...{ schedule, person, by, fromAt: midnight + from * hour, toAt: midnight + to * hour },
  });
  const nights = Array.from({ length: 14 }, (_, index) => index * 24);
  return {
    ...{ at: now, fromAt: midnight, toAt: midnight + 14 * day },
    now: [
      {
        ...{ schedule: "primary", timeZone: "Europe/Berlin", person: "alice", since: midnight - 2 * day },
        ...{ until: midnight + 56 * hour, next: { person: "carol", fromAt: midnight + 56 * hour } },
      },
      {
        ...{ schedule: "backup", timeZone: "Asia/Tokyo", person: "bob", since: midnight + 6 * hour },
        ...{ until: midnight + 30 * hour, next: { person: "alice", fromAt: midnight + 30 * hour } },
      },
    ],
    shifts: [
      shift("primary", "alice", -48, 56),
      shift("primary", "carol", 56, 68, "override"),
      shift("primary", "alice", 68, 120),
      shift("primary", "bob", 120, 288),
      shift("primary", "alice", 288, 456),
      ...nights.map((at, index) => shift("backup", index % 2 === 0 ? "bob" : "alice", at, at + 20, "days")),
    ],
    gaps: nights.map((at) => ({
      schedule: "backup",
      fromAt: midnight + (at + 20) * hour,
      toAt: midnight + (at + 24) * hour,
    })),
    overrides: [
      {
        ...{ id: "o-1", schedule: "primary", person: "carol", createdBy: "alice from 127.0.0.1" },
        ...{ fromAt: midnight + 56 * hour, toAt: midnight + 68 * hour },
      },
    ],
    people: peopleOf(now),
    policies: [
      {
        name: "main",
        steps: [
          { afterMs: 0, notify: ["schedule primary"] },
          { afterMs: 300_000, notify: ["schedule primary", "schedule backup"] },
          { afterMs: 900_000, notify: ["person alice", "person bob"] },
        ],
        ...{ repeats: 2, acknowledgeExpiryMs: 3_600_000 },
      },
      {
        name: "night",
        steps: [{ afterMs: 0, notify: ["schedule backup"] }],
        ...{ repeats: 0, acknowledgeExpiryMs: undefined },
      },
    ],
    findings: [
      {
        ...{ reason: "schedule-gap", subject: "backup", fromAt: midnight + 20 * hour },
        detail: "14 times, 3360 minutes in all, every night",
      },
      { reason: "person-without-contact", subject: "carol", detail: "carol has no contact" },
    ],
  };
}

export function testPageOf(id: string, recipient: string, channel: string, now: number): ShownPage {
  return {
    ...{
      id,
      recipient,
      channel,
      kind: "test",
      state: "pending",
      title: "Test page",
      createdAt: now,
      sentAt: undefined,
    },
    ...{ attempt: 0, errorClass: undefined, reason: undefined, detail: undefined },
    ...{ providerMessageId: undefined, fallbackOf: undefined },
  };
}
