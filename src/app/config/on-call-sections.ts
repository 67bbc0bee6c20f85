import { z } from "zod";
import { textSchema, valueIssue } from "../../fleet/config-values.ts";
import type { Handover } from "../../oncall/types.ts";
import {
  boundedDuration,
  localDateTimeSchema,
  localTimeSchema,
  ownNameSchema,
  referenceSchema,
  timeZoneSchema,
  weekdaySchema,
} from "./respond-values.ts";

/** Who is on call when, and who is paged in which order. */

const rhythms = ["daily", "weekly", "every"] as const;
const rhythmFix =
  'Write for example { weekly: monday, at: "09:00" }, { daily: "09:00" } or { every: 12h, at: "08:00" }.';

const handoverSchema = z
  .strictObject({
    daily: localTimeSchema("Each day at this time.", "09:00").exactOptional(),
    weekly: weekdaySchema("Each week on this day, at `at`.").exactOptional(),
    every: z
      .string()
      .regex(/^[1-9]\d{0,3}[hdw]$/, { error: "must be whole hours, days or weeks, such as 12h, 2d or 2w" })
      .exactOptional()
      .meta({
        description: "Every so many hours (`h`), days (`d`) or weeks (`w`), counted on the wall clock.",
        examples: ["12h"],
      }),
    on: weekdaySchema("Day of the week, for `every` in weeks. Left out: monday.").exactOptional(),
    at: localTimeSchema("Time of day, for `weekly` and `every`. Left out: 09:00.", "09:00").exactOptional(),
  })
  .transform((written, ctx): Handover => {
    const { daily, weekly, every, on, at = "09:00" } = written;
    const given = rhythms.filter((rhythm) => written[rhythm] !== undefined);
    const refuse = (message: string, fix: string) => (valueIssue(ctx, "conflict", message, fix), z.NEVER);
    if (given.length !== 1)
      return refuse(
        given.length === 0 ? "says no rhythm" : `has ${given.join(" and ")}: one rotation, one rhythm`,
        rhythmFix,
      );
    if (on !== undefined && every?.endsWith("w") !== true)
      return refuse("has on without every in weeks", "Remove on, or write every: 2w.");
    if (daily !== undefined)
      return written.at === undefined ? { kind: "daily", at: daily } : refuse("has daily and at", "Remove at.");
    if (weekly !== undefined) return { kind: "weekly", at, weekday: weekly };
    return everyOf(every ?? "1d", at, on);
  })
  .meta({
    description:
      'When the next one takes over, on the wall clock: `{ daily: "09:00" }`, `{ weekly: monday, at: "09:00" }`, `{ every: 12h, at: "08:00" }` or `{ every: 2w, on: monday, at: "09:00" }`.',
    examples: [{ weekly: "monday", at: "09:00" }],
  });

function everyOf(
  text: string,
  at: string,
  weekday: Extract<Handover, { kind: "weekly" }>["weekday"] = "monday",
): Handover {
  const every = Number.parseInt(text, 10);
  if (text.endsWith("w")) return { kind: "custom", every, unit: "weeks", at, weekday };
  return { kind: "custom", every, unit: text.endsWith("h") ? "hours" : "days", at };
}

const windowSchema = z.strictObject({
  days: z
    .array(weekdaySchema("A day on which the window begins."))
    .min(1, { error: "needs at least one day" })
    .exactOptional()
    .meta({ description: "Days on which it begins. Left out: every day.", examples: [["saturday", "sunday"]] }),
  from: localTimeSchema("Its beginning.", "09:00"),
  to: localTimeSchema("Its end; at or before `from`: on the next day.", "17:00"),
});

/** A Monday, so that turns are fixed where no beginning is written. */
const firstMonday = "2024-01-01T00:00";

const layerSchema = z.strictObject({
  name: textSchema("Name of the layer, for people.", "week"),
  people: z
    .array(referenceSchema("Name of a person from `people`.", "ann"))
    .min(1, { error: "needs at least one person" })
    .max(100, { error: "must not hold more than 100 people" })
    .meta({
      description: "Who takes turns, in this order. The first has the turn that `from` falls into.",
      examples: [["ann", "bob"]],
    }),
  handover: handoverSchema.prefault({ weekly: "monday", at: "09:00" }),
  from: localDateTimeSchema(
    `In effect from then on, wall clock. Left out: ${firstMonday}, so that turns are counted from there. To change a rotation without changing the past, end it with \`until\` and begin another.`,
    "2026-01-05T09:00",
  ).default(firstMonday),
  until: localDateTimeSchema("No longer in effect from then on, wall clock.", "2026-07-06T09:00").exactOptional(),
  timeZone: timeZoneSchema(
    "IANA name of the wall clock of this layer, for teams that follow the sun. Left out: the schedule's.",
  ).exactOptional(),
  hours: z
    .array(windowSchema)
    .min(1, { error: "needs at least one window, or must be left out" })
    .max(50, { error: "must not hold more than 50 windows" })
    .exactOptional()
    .meta({
      description: "On call only within these windows. Left out: always.",
      examples: [[{ days: ["saturday", "sunday"], from: "00:00", to: "00:00" }]],
    }),
});

const layersSchema = z
  .array(layerSchema)
  .min(1, { error: "needs at least one layer" })
  .max(50, { error: "must not hold more than 50 layers" });

const scheduleSchema = z.strictObject({
  name: ownNameSchema("Unique name of the schedule.", "primary"),
  timeZone: timeZoneSchema("IANA name of the wall clock that its times are read on; right across summer time."),
  layers: layersSchema.meta({
    description: "Rotations. Where a later one has somebody, it wins over the earlier ones.",
    examples: [[{ name: "week", people: ["ann", "bob"], handover: { weekly: "monday", at: "09:00" } }]],
  }),
  shadows: layersSchema.exactOptional().meta({
    description: "People in training: told beside whoever is on call, never instead.",
    examples: [[{ name: "training", people: ["cid"], handover: { weekly: "monday", at: "09:00" } }]],
  }),
});

const targetSchema = z
  .strictObject({
    schedule: referenceSchema("Whoever is on call on this schedule.", "primary").exactOptional(),
    person: referenceSchema("This person.", "ann").exactOptional(),
  })
  .transform(({ schedule, person }, ctx) => {
    if (schedule !== undefined && person === undefined) return { schedule };
    if (person !== undefined && schedule === undefined) return { person };
    const fix = "Write { schedule: NAME } or { person: NAME }.";
    valueIssue(ctx, "conflict", "needs exactly one of schedule and person", fix);
    return z.NEVER;
  })
  .meta({ description: "Who is paged.", examples: [{ schedule: "primary" }] });

const stepSchema = z.strictObject({
  after: boundedDuration(
    "After the step before; after the alarm for the first one. Left out: at once for the first step, 5m for the others.",
    "5m",
    ["0s", "7d"],
  ).exactOptional(),
  notify: z
    .array(targetSchema)
    .min(1, { error: "needs somebody: { schedule: NAME } or { person: NAME }" })
    .max(20, { error: "must not hold more than 20 targets" })
    .meta({ description: "Who is paged, all at once.", examples: [[{ schedule: "primary" }]] }),
});

const policySchema = z.strictObject({
  name: ownNameSchema("Unique name of the policy.", "default"),
  steps: z
    .array(stepSchema)
    .min(1, { error: "needs at least one step" })
    .max(20, { error: "must not hold more than 20 steps" })
    .meta({
      description: "Steps in order, until somebody acknowledges.",
      examples: [[{ notify: [{ schedule: "primary" }] }, { after: "5m", notify: [{ person: "ann" }] }]],
    }),
  repeats: z
    .int({ error: "must be a whole number" })
    .min(0, { error: "must be 0 or more" })
    .max(100, { error: "must be at most 100" })
    .default(2)
    .meta({ description: "How often all steps are gone through again.", examples: [2] }),
  repeatAfter: boundedDuration("From the last step until they begin again, or until it is given up.", "5m", [
    "10s",
    "1d",
  ]).prefault("5m"),
  acknowledgeExpiry: boundedDuration(
    "An acknowledgement without a resolution holds so long; then paging begins again. Left out: for ever.",
    "1h",
    ["1m", "7d"],
  ).exactOptional(),
});

export const onCallSchema = z
  .strictObject({
    schedules: z
      .array(scheduleSchema)
      .max(200, { error: "must not hold more than 200 schedules" })
      .default([])
      .meta({
        description: "Who is on call when. Swaps and overrides are made on the page and kept in the store.",
        examples: [
          [{ name: "primary", timeZone: "Europe/Berlin", layers: [{ name: "week", people: ["ann", "bob"] }] }],
        ],
      }),
    policies: z
      .array(policySchema)
      .max(200, { error: "must not hold more than 200 policies" })
      .default([])
      .meta({
        description: "Who is paged, in which order. What no route of `alerts.routes` takes is paged by the first one.",
        examples: [[{ name: "default", steps: [{ notify: [{ schedule: "primary" }] }] }]],
      }),
  })
  .prefault({})
  .meta({ description: "On-call: schedules and escalation. See [respond](../respond.md)." });

export type OnCallInput = z.output<typeof onCallSchema>;
export type LayerInput = z.output<typeof layerSchema>;
