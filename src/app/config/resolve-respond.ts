import { defaultRules } from "../../alerts/default-rules.ts";
import type { GroupingSettings } from "../../alerts/notice/types.ts";
import type { Rule } from "../../alerts/rule.ts";
import { defaultInhibitRules } from "../../alerts/suppress/default-inhibit-rules.ts";
import type { InhibitRule, Mute } from "../../alerts/suppress/types.ts";
import type { EscalationPolicy } from "../../oncall/escalation.ts";
import type { Contact, Layer, Person, Schedule } from "../../oncall/types.ts";
import type { AlertRoute, RespondSettings } from "../../respond/settings.ts";
import type { AlertsInput } from "./alert-sections.ts";
import type { ChannelInput } from "./channel-sections.ts";
import type { LayerInput, OnCallInput } from "./on-call-sections.ts";
import { readRuleFiles } from "./read-rule-files.ts";
import type { ContactInput } from "./respond-values.ts";
import type { ConfigInput } from "./schema.ts";
import type { SecretSource } from "./secrets.ts";

/** Alarms and people: what ships is filled in, rule files are read, and the last route is added. */
export async function resolveRespond(
  input: ConfigInput,
  publicUrl: string,
  source: SecretSource,
): Promise<RespondSettings> {
  const { alerts, channels } = input;
  const contactOf = ({ channel, address }: ContactInput): Contact => ({
    channel,
    address: address ?? placeOf(channels, channel) ?? "",
  });
  const people = input.people.map(({ name, timeZone, contacts }): Person => ({
    name,
    timeZone,
    contacts: contacts.map(contactOf),
  }));
  const policies = input.onCall.policies.map(policyOf);
  return {
    rules: await rulesOf(alerts, source),
    grouping: groupingOf(alerts.grouping),
    inhibitRules: [...defaultInhibitRules, ...alerts.inhibit.map(inhibitOf)],
    mutes: alerts.maintenance.map(muteOf),
    routes: withLastRoute(
      alerts.routes.map((route) => routeOf(route, contactOf)),
      { policy: policies[0]?.name, tell: teamPlaces(channels, people) },
    ),
    people,
    schedules: input.onCall.schedules.map(scheduleOf),
    policies,
    throttle: { burst: alerts.throttle.burst, refillMs: alerts.throttle.refill },
    fallbacks: alerts.fallbacks.map(contactOf),
    publicUrl,
    closeUntakenAfterMs: alerts.closeUntakenAfter,
  };
}

async function rulesOf({ rules: own = [], ruleFiles, off }: AlertsInput, source: SecretSource): Promise<Rule[]> {
  const shipped = defaultRules.filter(({ alert }) => !off.includes(alert));
  const written = [...shipped, ...own];
  return [...written, ...(await readRuleFiles(ruleFiles, written, off, source))];
}

function groupingOf({ by, wait, interval, repeat }: AlertsInput["grouping"]): GroupingSettings {
  return { groupBy: by, waitMs: wait, intervalMs: interval, repeatMs: repeat };
}

function inhibitOf({ name, source, target, equal }: AlertsInput["inhibit"][number]): InhibitRule {
  return { id: name, sourceMatchers: source, targetMatchers: target, equal };
}

function muteOf({ name, hosts, nodes, groups, from, to }: AlertsInput["maintenance"][number]): Mute {
  return { id: name, hosts, nodes, groups, startsAt: from, endsAt: to };
}

function routeOf(
  { match, policy, tell, tellFrom }: AlertsInput["routes"][number],
  contactOf: (contact: ContactInput) => Contact,
): AlertRoute {
  return { matchers: match, policy, tell: tell.map(contactOf), tellFrom };
}

/** What no route takes would reach nobody without a word: the last route takes it, unless the operator wrote such a one. */
function withLastRoute(
  routes: readonly AlertRoute[],
  { policy, tell }: Pick<AlertRoute, "policy" | "tell">,
): AlertRoute[] {
  if (routes.some(({ matchers }) => matchers.length === 0) || (policy === undefined && tell.length === 0))
    return [...routes];
  return [...routes, { matchers: [], policy, tell, tellFrom: "warning" }];
}

/** Places of teams: channels with an address of their own, and those without addresses that are nobody's contact. */
function teamPlaces(channels: readonly ChannelInput[], people: readonly Person[]): Contact[] {
  const isPersonal = (name: string) => people.some(({ contacts }) => contacts.some(({ channel }) => channel === name));
  return channels.flatMap((channel) => {
    const { name } = channel;
    const address = placeOf(channels, name);
    return address === undefined || (address === "" && isPersonal(name)) ? [] : [{ channel: name, address }];
  });
}

function placeOf(channels: readonly ChannelInput[], name: string): string | undefined {
  const channel = channels.find((each) => each.name === name);
  return channel && ("address" in channel ? channel.address : placeless(channel));
}

function placeless({ kind }: ChannelInput): string | undefined {
  return kind === "pagerduty" || kind === "webhook" ? "" : undefined;
}

function scheduleOf({ name, timeZone, layers, shadows }: OnCallInput["schedules"][number]): Schedule {
  return {
    name,
    timeZone,
    layers: layers.map(layerOf),
    overrides: [],
    ...(shadows && { shadows: shadows.map(layerOf) }),
  };
}

function layerOf({ name, people, handover, from, until, timeZone, hours }: LayerInput): Layer {
  return {
    name,
    rotation: { handover, people },
    effectiveFrom: from,
    ...(until !== undefined && { effectiveUntil: until }),
    ...(timeZone !== undefined && { timeZone }),
    ...(hours && { restrictions: hours }),
  };
}

const laterStepMs = 5 * 60_000;

function policyOf({
  name,
  steps,
  repeats,
  repeatAfter,
  acknowledgeExpiry,
}: OnCallInput["policies"][number]): EscalationPolicy {
  return {
    name,
    steps: steps.map(({ after, notify }, i) => ({ afterMs: after ?? (i === 0 ? 0 : laterStepMs), notify })),
    repeats,
    repeatAfterMs: repeatAfter,
    ...(acknowledgeExpiry !== undefined && { acknowledgeExpiryMs: acknowledgeExpiry }),
  };
}
