import { z } from "zod";
import { parseDuration } from "../../alerts/duration.ts";
import { readMatcherLine } from "../../alerts/expr/read-matcher-line.ts";
import type { MatcherText } from "../../alerts/expr/matcher.ts";
import { pointAt } from "../../alerts/expr/refusal.ts";
import { formatDuration } from "../../alerts/duration.ts";
import { nameSchema, textSchema, valueIssue } from "../../fleet/config-values.ts";
import { wallOf } from "../../oncall/local-time.ts";
import { isTimeZone } from "../../oncall/wall-clock.ts";
import { weekdays } from "../../oncall/types.ts";
import { AppError } from "../../lib/app-error.ts";
import { didYouMean } from "./did-you-mean.ts";

/** Values that the sections about alarms and people share. */

/** A duration such as "5m", read as ms, within bounds. */
export function boundedDuration(description: string, example: string, [from, to]: readonly [string, string]) {
  const [lowest, highest] = [parseDuration(from) ?? 0, parseDuration(to) ?? 0];
  return z
    .string({ error: `must be a duration with its unit, such as ${example}` })
    .transform((text, ctx): number => {
      const ms = parseDuration(text);
      if (ms !== undefined && ms >= lowest && ms <= highest) return ms;
      const message =
        ms === undefined ? `"${text}" is not a duration` : `"${formatDuration(ms)}" is not within ${from} to ${to}`;
      valueIssue(ctx, "bad-value", message, `Write for example ${example}.`);
      return z.NEVER;
    })
    .meta({ description, examples: [example] });
}

/** Wall-clock time of day. */
export function localTimeSchema(description: string, example: string) {
  return z
    .string({ error: 'must be a time of day in quotes, such as "09:00"' })
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "must be a time of day, HH:MM from 00:00 to 23:59" })
    .meta({ description, examples: [example] });
}

/** Date and time of the wall clock. */
export function localDateTimeSchema(description: string, example: string) {
  return z
    .string()
    .superRefine((text, ctx) => {
      try {
        wallOf(text);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const fix = `Write the wall clock as YYYY-MM-DDTHH:MM, for example ${example}.`;
        valueIssue(ctx, "bad-value", `"${text}" is not a date and time of the wall clock`, fix);
      }
    })
    .meta({ description, examples: [example] });
}

/** An instant with its offset from UTC, read as ms since 1970. */
export function instantSchema(description: string, example: string) {
  return z
    .string()
    .transform((text, ctx): number => {
      const hasOffset = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
      const at = hasOffset ? Date.parse(text) : NaN;
      if (!Number.isNaN(at)) return at;
      const fix = `Write date, time and offset from UTC, for example ${example} or ${example.replace("Z", "+02:00")}.`;
      valueIssue(ctx, "bad-value", `"${text}" is not a time`, fix);
      return z.NEVER;
    })
    .meta({ description, examples: [example] });
}

export function timeZoneSchema(description: string) {
  return z
    .string()
    .superRefine((text, ctx) => {
      if (isTimeZone(text)) return;
      const meant = didYouMean(text, Intl.supportedValuesOf("timeZone"));
      const fix = meant ? `Did you mean "${meant}"?` : "Write an IANA name, for example Europe/Berlin or UTC.";
      valueIssue(ctx, "bad-value", `there is no time zone "${text}"`, fix);
    })
    .meta({ description, examples: ["Europe/Berlin"] });
}

export function weekdaySchema(description: string) {
  return z.enum(weekdays).meta({ description, examples: ["monday"] });
}

/** Matchers as in Alertmanager: `customer=lido`, `severity=~critical|warning`. */
export function matchersSchema(description: string, example: readonly string[]) {
  const matcher = z.string().transform((text, ctx): MatcherText => {
    const read = readMatcherLine(text);
    if (read.kind === "read") return read.value;
    const fix = 'Write for example "customer=acme" or "severity=~critical|warning".';
    valueIssue(ctx, "bad-value", pointAt(text, read), fix);
    return z.NEVER;
  });
  return z
    .array(matcher.meta({ description: "One condition on a label.", examples: [example[0] ?? "customer=acme"] }))
    .max(30, { error: "must not hold more than 30 matchers" })
    .meta({ description, examples: [example] });
}

/** Name of a person, schedule or policy, as it is referred to. */
export function referenceSchema(description: string, example: string) {
  return textSchema(description, example);
}

export function ownNameSchema(description: string, example: string) {
  return nameSchema(description).meta({ examples: [example] });
}

/** Text, or a number as Telegram's ids are. */
export function addressSchema(description: string, example: string) {
  return z
    .union([textSchema(description, example), z.int({ error: "must be a whole number" }).transform(String)])
    .meta({ description, examples: [example] });
}

export function contactSchema() {
  return z
    .strictObject({
      channel: referenceSchema("Name of a channel from `channels`.", "slack"),
      address: addressSchema(
        "Place in it: Slack: id of a channel or user; Telegram: id of a chat, with `/` and a topic where it has topics; email: an address. Left out: the channel's own `address`. PagerDuty and webhooks have none.",
        "C0123456789",
      ).exactOptional(),
    })
    .meta({ description: "A place in a channel.", examples: [{ channel: "slack", address: "C0123456789" }] });
}
export type ContactInput = z.output<ReturnType<typeof contactSchema>>;
