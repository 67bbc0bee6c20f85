import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startMonitor } from "../test/support/monitor.ts";
import { startPagerdutyStandIn } from "../test/support/pagerduty-stand-in.ts";
import { startSlackStandIn } from "../test/support/slack-stand-in.ts";
import { startTelegramStandIn } from "../test/support/telegram-stand-in.ts";
import { quantile, round } from "./lib/statistics.ts";
import type { BenchmarkOptions } from "./registry.ts";

const secret = "bench-secret";
const teams = 70;
const groupsPerTeam = 3;
const alertsPerGroup = 5;
const watchMs = 2;
const teamChannel = "C000000TEAM";

const chatOf = (team: number) => `${900_000 + team}`;
const slackIdOf = (team: number) => `U0000000${team + 100}`;

interface Group {
  name: string;
  team: number;
  /** When its first alert is sent, and when its others are; ms after the start. */
  at: number;
  laterAt: number;
}

/**
 * A storm on the real monitor: 1,050 alerts in one minute for seventy teams with a person on call each, three groups to a team, over
 * Slack, Telegram and PagerDuty with their limits on. A sample: from the first byte of a group's first alert to the provider's acceptance
 * of its page.
 */
export async function run({ isQuick, flags }: BenchmarkOptions) {
  const seconds = Number(flags["seconds"] ?? (isQuick ? 20 : 60));
  const used = isQuick ? Math.ceil(teams / 3) : teams;
  const persons = Array.from({ length: used }, (_, team) => team);
  const slack = await startSlackStandIn(secret, [teamChannel, ...persons.map(slackIdOf)]);
  const telegram = await startTelegramStandIn(secret, persons.map(chatOf));
  const pagerduty = await startPagerdutyStandIn(secret);
  const channelOf = (team: number) =>
    [
      `{ channel: slack, address: ${slackIdOf(team)} }`,
      `{ channel: telegram, address: "${chatOf(team)}" }`,
      `{ channel: pagerduty }`,
    ][team % 3];
  process.env["BENCH_SECRET"] = secret;
  const monitor = await startMonitor(
    [{ name: "bn1", url: "http://127.0.0.1:1" }],
    "pubkey,index\n",
    `channels:
  - { name: slack, kind: slack, token: { env: BENCH_SECRET }, url: "${slack.url}" }
  - { name: telegram, kind: telegram, token: { env: BENCH_SECRET }, url: "${telegram.url}" }
  - { name: pagerduty, kind: pagerduty, routingKey: { env: BENCH_SECRET }, url: "${pagerduty.url}" }
people:
${persons.map((team) => `  - { name: person-${team}, timeZone: UTC, contacts: [${channelOf(team)}] }\n`).join("")}onCall:
  policies:
${persons.map((team) => `    - { name: team-${team}, steps: [{ notify: [{ person: person-${team} }] }] }\n`).join("")}alerts:
  off: [UpstreamsNotReady]
  routes:
${persons.map((team) => `    - { match: ["team=t${team}"], policy: team-${team}, tell: [{ channel: slack, address: ${teamChannel} }] }\n`).join("")}`,
  );
  try {
    const token = readFileSync(join(monitor.folder, "data", "api-token"), "utf8").trim();
    const groups = shuffled(persons.flatMap((team) => groupsOf(team, seconds)));
    const acceptedAt = new Map<string, number>();
    const pagesOf = new Map<string, number>();
    const watch = watchProviders({ slack, telegram, pagerduty }, acceptedAt, pagesOf);
    const sentAt = new Map<string, number>();
    const startedAt = performance.now();
    const problems: string[] = [];
    const send = async (group: Group, atMs: number, alerts: readonly number[]) => {
      await sleep(Math.max(0, startedAt + atMs - performance.now()));
      if (alerts[0] === 0) sentAt.set(group.name, performance.now());
      const answer = await fetch(`${monitor.url}/api/v1/inbound/generic`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify(alerts.map((index) => alertOf(group, index))),
      });
      if (!answer.ok) problems.push(`${answer.status} ${await answer.text()}`);
      else await answer.arrayBuffer();
    };
    const rest = Array.from({ length: alertsPerGroup - 1 }, (_, index) => index + 1);
    await Promise.all(groups.flatMap((group) => [send(group, group.at, [0]), send(group, group.laterAt, rest)]));
    await sleep(5_000);
    watch.stop();
    if (problems.length > 0) throw new Error(`${problems.length} posts were refused, the first: ${problems[0]}`);
    const samples = groups.map(({ name }) => (acceptedAt.get(name) ?? Infinity) - (sentAt.get(name) ?? 0));
    const { openIncidents } = await now(monitor.url, token);
    return {
      ...{ seconds, alerts: groups.length * alertsPerGroup, samples: samples.length, teams: used },
      ...{
        p50Ms: round(quantile(samples, 0.5)),
        p99Ms: round(quantile(samples, 0.99)),
        maxMs: round(Math.max(...samples)),
      },
      ...{ mostPagesOfAPerson: Math.max(...pagesOf.values()), people: pagesOf.size, openIncidents },
      ...{ slackSaid429: slack.limited, telegramSaid429: telegram.limited },
    };
  } finally {
    await monitor.stop();
    await Promise.all([slack.stop(), telegram.stop(), pagerduty.stop()]);
  }
}

/** At random instants of the span, the rest of a group's alerts some time after its first. */
function groupsOf(team: number, seconds: number): Group[] {
  const span = seconds * 1_000;
  return Array.from({ length: groupsPerTeam }, (_, index) => {
    const at = Math.random() * span * 0.95;
    return { name: `t${team}-g${index}`, team, at, laterAt: at + Math.random() * (span - at) };
  });
}

function alertOf({ name, team }: Group, index: number) {
  const labels = { group: name, team: `t${team}`, instance: `${name}-${index}` };
  return { title: `Alarm ${name}`, severity: "critical", id: `${name} ${index}`, labels };
}

interface Watched {
  slack: { messages: { channel: string; text: string }[] };
  telegram: { messages: { chat_id: string; text: string }[] };
  pagerduty: { events: { payload?: Record<string, unknown> }[] };
}

/** Looks every 2 ms what the providers have accepted: that much is added to each sample. */
function watchProviders(
  { slack, telegram, pagerduty }: Watched,
  acceptedAt: Map<string, number>,
  pagesOf: Map<string, number>,
) {
  const seen = { slack: 0, telegram: 0, pagerduty: 0 };
  const note = (text: string, person: string) => {
    pagesOf.set(person, (pagesOf.get(person) ?? 0) + 1);
    const name = /Alarm (t\d+-g\d+)/.exec(text)?.[1];
    if (name !== undefined && !acceptedAt.has(name)) acceptedAt.set(name, performance.now());
  };
  const look = () => {
    for (const { channel, text } of slack.messages.slice(seen.slack)) if (channel !== teamChannel) note(text, channel);
    for (const { chat_id, text } of telegram.messages.slice(seen.telegram)) note(text, chat_id);
    for (const { payload } of pagerduty.events.slice(seen.pagerduty)) {
      const text = String(payload?.["summary"]);
      note(text, `pagerduty ${/t\d+/.exec(text)?.[0] ?? ""}`);
    }
    seen.slack = slack.messages.length;
    seen.telegram = telegram.messages.length;
    seen.pagerduty = pagerduty.events.length;
  };
  const timer = setInterval(look, watchMs);
  return { stop: () => (look(), clearInterval(timer)) };
}

async function now(url: string, token: string): Promise<{ openIncidents: number }> {
  const answer = await fetch(`${url}/api/v1/incidents?state=open&limit=200`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { items } = (await answer.json()) as { items: unknown[] };
  return { openIncidents: items.length };
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
