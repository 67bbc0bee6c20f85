import { defaultRules } from "../../alerts/default-rules.ts";
import { formatDuration } from "../../alerts/duration.ts";
import { formatMatcher } from "../../alerts/expr/matcher.ts";
import type { Rule } from "../../alerts/rule.ts";
import { defaultInhibitRules } from "../../alerts/suppress/default-inhibit-rules.ts";
import type { EscalationPolicy } from "../../oncall/escalation.ts";
import type { Contact, Schedule } from "../../oncall/types.ts";
import type { AlertRoute } from "../../respond/settings.ts";
import { redactUrl } from "../../fleet/redact-url.ts";
import type { SlotkeeperConfig } from "../config.ts";
import type { ChannelConfig } from "../respond/channel-config.ts";

type Parts = Pick<SlotkeeperConfig, "respond" | "channels" | "heartbeat">;

/** Alarms and people for a person to read: one line each, no secret in it. */
export function describeRespond({ respond, channels, heartbeat }: Parts): [title: string, lines: string[]][] {
  const { rules, routes, people, schedules, policies, mutes, inhibitRules } = respond;
  return [
    ["alert rules", [describeRules(rules)]],
    ["channels", channels.length > 0 ? channels.map(describeChannel) : ["none: nobody is told"]],
    ["people", people.map(({ name, timeZone, contacts }) => [name, timeZone, ...contacts.map(contactText)].join("  "))],
    ["schedules", schedules.map(describeSchedule)],
    ["policies", policies.map(describePolicy)],
    ["routes", routes.map(describeRoute)],
    ["inhibited", inhibitRules.slice(defaultInhibitRules.length).map(({ id }) => id)],
    ["maintenance", mutes.map(({ id, startsAt, endsAt }) => `${id}  ${isoOf(startsAt)} to ${isoOf(endsAt)}`)],
    ["heartbeat", heartbeat ? [`*** every ${formatDuration(heartbeat.everyMs)}`] : []],
  ];
}

/** The parts that cannot be printed as they are: conditions are compiled, addresses may hold keys. */
export function printableRespond({ respond, channels }: Parts): { respond: unknown; channels: unknown } {
  return {
    respond: { ...respond, rules: respond.rules.map(({ condition: _, ...rule }) => rule) },
    channels: channels.map((channel) =>
      "url" in channel && typeof channel.url === "string" ? { ...channel, url: redactUrl(channel.url) } : channel,
    ),
  };
}

function describeRules(rules: readonly Rule[]): string {
  const shipped = rules.filter((rule) => defaultRules.includes(rule)).length;
  const off = [...new Set(defaultRules.filter((rule) => !rules.includes(rule)).map(({ alert }) => alert))];
  const own = rules.length - shipped;
  return [
    `${shipped} that ship`,
    ...(own > 0 ? [`${own} own`] : []),
    ...(off.length > 0 ? [`off: ${off.join(", ")}`] : []),
  ].join(", ");
}

function describeChannel(channel: ChannelConfig): string {
  const facts = (() => {
    switch (channel.kind) {
      case "slack":
      case "telegram":
        return ["token ***", ...urlText(channel.url)];
      case "pagerduty":
        return ["routing key ***", ...urlText(channel.url)];
      case "email": {
        const { host, port, security, login, from } = channel;
        return [`${host}:${port} ${security}`, `from ${from}`, ...(login ? [`${login.user} ***`] : [])];
      }
      case "webhook":
        return ["***", "signing key ***"];
    }
  })();
  return [channel.name, channel.kind, ...(channel.place ? [`to ${channel.place}`] : []), ...facts].join("  ");
}

function urlText(url: string | undefined): string[] {
  return url === undefined ? [] : [redactUrl(url)];
}

function contactText({ channel, address }: Contact): string {
  return address === "" ? channel : `${channel}:${address}`;
}

function describeSchedule({ name, timeZone, layers, shadows = [] }: Schedule): string {
  const turns = layers.map((layer) => `${layer.name}: ${layer.rotation.people.join(", ")}`);
  const training = shadows.map((layer) => `in training: ${layer.rotation.people.join(", ")}`);
  return `${name}  ${timeZone}  ${[...turns, ...training].join("; ")}`;
}

function describePolicy({ name, steps, repeats }: EscalationPolicy): string {
  const texts = steps.map(({ afterMs, notify }) => {
    const whom = notify.map((target) => ("person" in target ? target.person : target.schedule)).join(" and ");
    return afterMs === 0 ? whom : `after ${formatDuration(afterMs)} ${whom}`;
  });
  return `${name}  ${texts.join(", ")}${repeats > 0 ? `; all again ${repeats} times` : ""}`;
}

function describeRoute({ matchers, policy, tell, tellFrom }: AlertRoute): string {
  const which = matchers.length === 0 ? "everything else" : matchers.map(formatMatcher).join(" ");
  const told = tell.length > 0 ? [`tells ${tell.map(contactText).join(", ")} from ${tellFrom}`] : [];
  const paged = policy === undefined ? [] : [`critical pages by ${policy}`];
  return `${which}: ${[...paged, ...told].join("; ") || "nobody is told"}`;
}

function isoOf(at: number): string {
  return new Date(at).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z");
}
