import { expect, test } from "vitest";
import { defaultRules } from "../../alerts/default-rules.ts";
import { defaultGrouping } from "../../alerts/notice/types.ts";
import { defaultInhibitRules } from "../../alerts/suppress/default-inhibit-rules.ts";
import { onCallAt } from "../../oncall/on-call-at.ts";
import { describeConfig, printableConfig } from "./describe.ts";
import { diffConfig } from "./diff.ts";
import { goodRespond, loadRespond, respondFile, respondSecrets, twoNodes } from "./testing/respond-file.ts";
import { validateConfig } from "./validate.ts";

test("without these sections the shipped rules are on and nobody is told", async () => {
  const { respond, channels, heartbeat, server } = await goodRespond(twoNodes);
  expect(respond).toEqual({
    ...{ rules: defaultRules, grouping: defaultGrouping, inhibitRules: defaultInhibitRules },
    ...{ mutes: [], routes: [], people: [], schedules: [], policies: [], fallbacks: [] },
    ...{ throttle: { burst: 3, refillMs: 300_000 }, closeUntakenAfterMs: 1_800_000 },
    publicUrl: "http://127.0.0.1:7380",
  });
  expect([channels, heartbeat, server.publicUrl]).toEqual([[], undefined, "http://127.0.0.1:7380"]);
});

test("channels have their secrets read, and the usual port of mail", async () => {
  const { channels, heartbeat } = await goodRespond(respondFile);
  expect(channels).toMatchObject([
    { name: "slack", kind: "slack", place: "C0123456789", url: "http://127.0.0.1:9" },
    { name: "bot", kind: "telegram", place: undefined, url: undefined },
    { name: "pd", kind: "pagerduty", place: "" },
    { name: "mail", kind: "email", port: 587, security: "starttls", login: { user: "bot" }, ca: undefined },
    { name: "hook", kind: "webhook", place: "" },
  ]);
  const [slack, , , mail, hook] = channels;
  expect(slack?.kind === "slack" && slack.token.reveal()).toBe(respondSecrets.SLACK);
  expect(mail?.kind === "email" && mail.login?.password.reveal()).toBe(respondSecrets.SMTP);
  expect(hook?.kind === "webhook" && hook.url.reveal()).toBe(respondSecrets.HOOK);
  expect([heartbeat?.url.reveal(), heartbeat?.everyMs]).toEqual([respondSecrets.BEAT, 30_000]);
});

test("people, schedules and policies are what the on-call part reads", async () => {
  const { people, schedules, policies } = (await goodRespond(respondFile)).respond;
  expect(people).toEqual([
    {
      name: "ann",
      timeZone: "Europe/Berlin",
      contacts: [
        { channel: "bot", address: "123456789" },
        { channel: "pd", address: "" },
      ],
    },
    {
      name: "bob",
      timeZone: "UTC",
      contacts: [
        { channel: "mail", address: "bob@example.org" },
        { channel: "slack", address: "C0123456789" },
      ],
    },
  ]);
  expect(schedules).toEqual([
    {
      ...{ name: "primary", timeZone: "Europe/Berlin", overrides: [] },
      layers: [
        {
          name: "week",
          rotation: { handover: { kind: "weekly", weekday: "monday", at: "09:00" }, people: ["ann", "bob"] },
          effectiveFrom: "2026-01-05T09:00",
        },
        {
          ...{ name: "night", timeZone: "America/New_York" },
          rotation: { handover: { kind: "daily", at: "08:30" }, people: ["bob"] },
          ...{ effectiveFrom: "2024-01-01T00:00", effectiveUntil: "2027-01-01T00:00" },
          restrictions: [{ days: ["saturday", "sunday"], from: "20:00", to: "08:00" }],
        },
      ],
      shadows: [
        {
          name: "new",
          rotation: {
            handover: { kind: "custom", every: 2, unit: "weeks", at: "10:00", weekday: "friday" },
            people: ["bob"],
          },
          effectiveFrom: "2024-01-01T00:00",
        },
      ],
    },
  ]);
  expect(policies).toEqual([
    {
      name: "default",
      steps: [
        { afterMs: 0, notify: [{ schedule: "primary" }] },
        { afterMs: 300_000, notify: [{ person: "ann" }, { person: "bob" }] },
      ],
      ...{ repeats: 2, repeatAfterMs: 300_000, acknowledgeExpiryMs: 1_800_000 },
    },
    { name: "slow", steps: [{ afterMs: 600_000, notify: [{ person: "ann" }] }], repeats: 0, repeatAfterMs: 60_000 },
  ]);
  const [primary] = schedules;
  const at = (text: string) => primary && onCallAt(primary, Date.parse(text)).person;
  expect([at("2026-01-06T12:00Z"), at("2026-01-13T12:00Z")]).toEqual(["ann", "bob"]);
});

test("rules, grouping, inhibition, maintenance and bounds", async () => {
  const { respond } = await goodRespond(respondFile);
  expect(respond.rules.map(({ alert }) => alert)).toContain("OwnLag");
  expect(respond.rules.map(({ alert }) => alert)).not.toContain("FinalityLag");
  expect(respond.grouping).toEqual({
    ...{ groupBy: ["alertname"], intervalMs: 60_000, repeatMs: 3_600_000 },
    waitMs: { critical: 5_000, warning: 30_000, info: 30_000 },
  });
  expect(respond.inhibitRules.slice(defaultInhibitRules.length)).toEqual([
    {
      id: "site",
      sourceMatchers: [{ name: "alertname", op: "=", value: "HostSilent" }],
      targetMatchers: [{ name: "severity", op: "=", value: "warning" }],
      equal: ["host"],
    },
  ]);
  const [startsAt, endsAt] = [Date.parse("2026-12-01T22:00Z"), Date.parse("2026-12-02T02:00Z")];
  expect(respond.mutes).toEqual([{ id: "move", hosts: ["h1"], nodes: ["a"], groups: ["default"], startsAt, endsAt }]);
  expect([respond.throttle, respond.closeUntakenAfterMs, respond.publicUrl]).toEqual([
    { burst: 5, refillMs: 60_000 },
    3_600_000,
    "https://slotkeeper.example.org",
  ]);
});

const slackTelegram = `channels:
  - { name: s, kind: slack, token: { env: SLACK }, address: C1 }
  - { name: p, kind: pagerduty, routingKey: { env: KEY } }
  - { name: t, kind: telegram, token: { env: BOT } }
`;
const onePolicy = `people: [{ name: ann, contacts: [{ channel: t, address: "1" }] }]
onCall: { policies: [{ name: only, steps: [{ notify: [{ person: ann }] }] }, { name: x, steps: [{ notify: [{ person: ann }] }] }] }
`;
const places = [
  { channel: "s", address: "C1" },
  { channel: "p", address: "" },
];

test.each([
  ["a channel with a place is told of everything", slackTelegram, [[undefined, places, "warning"]]],
  ["the first policy is paged by", `${slackTelegram}${onePolicy}`, [["only", places, "warning"]]],
  [
    "a channel without addresses that is somebody's contact is theirs",
    `${slackTelegram}people: [{ name: ann, contacts: [{ channel: p }] }]`,
    [[undefined, places.slice(0, 1), "warning"]],
  ],
  [
    "the last route comes after those that are written",
    `${slackTelegram}${onePolicy}alerts: { routes: [{ match: [node=a], policy: x }] }`,
    [
      ["x", [], "warning"],
      ["only", places, "warning"],
    ],
  ],
  [
    "a written route for everything is the last one",
    `${slackTelegram}${onePolicy}alerts: { routes: [{ policy: x, tell: [{ channel: s, address: C2 }], tellFrom: info }] }`,
    [["x", [{ channel: "s", address: "C2" }], "info"]],
  ],
])("%s", async (_name, text, expected) => {
  const { routes } = (await goodRespond(`${twoNodes}${text}`)).respond;
  expect(routes.map(({ policy, tell, tellFrom }) => [policy, tell, tellFrom])).toEqual(expected);
});

test("no secret is printed, and everything else is", async () => {
  const config = await goodRespond(respondFile);
  const described = describeConfig(config);
  const shown = `${described}${JSON.stringify(printableConfig(config))}`;
  expect(shown).not.toMatch(/very-secret/);
  for (const name of ["OwnLag", "primary", "C0123456789", "smtp.example.org", "slow"]) expect(shown).toContain(name);
  expect(described).toContain("off: FinalityLag");
  expect(described).toContain("ann  Europe/Berlin  bot:123456789  pd");
  expect(described).toContain("everything else: critical pages by default; tells slack:C0123456789, hook from warning");
});

test("every change is taken over while running; a secret that changed is told without being shown", async () => {
  const before = await goodRespond(respondFile);
  expect(diffConfig(before, await goodRespond(`# a comment\n${respondFile}`))).toEqual([]);
  const text = respondFile
    .replace("burst: 5", "burst: 6")
    .replace("people: [ann, bob], from", "people: [bob, ann], from")
    .replace("finality_lag_epochs > 5", "finality_lag_epochs > 6")
    .replace("off: [FinalityLag]", "off: []")
    .replace("30s }", "20s }");
  const { config } = await loadRespond(text, {}, { ...respondSecrets, SLACK: "another-very-secret" });
  const changes = config ? diffConfig(before, config) : [];
  expect(changes.map(({ path, effect }) => `${effect} ${path.replace(/\[.*/, "")}`)).toEqual([
    "live alerts.rules.OwnLag",
    ...defaultRules.filter(({ alert }) => alert === "FinalityLag").map(() => "live alerts.rules.FinalityLag"),
    "live alerts.throttle",
    "live alerts.heartbeat",
    "live channels.slack.token",
    "live onCall.schedules.primary.layers",
  ]);
  expect(JSON.stringify(changes)).not.toMatch(/very-secret/);
});

test("what never comes into use is warned of", async () => {
  const text = `${twoNodes}${slackTelegram}${onePolicy.replace("channel: t", "channel: p").replace(', address: "1"', "")}alerts:
  routes: [{}, { match: [node=a], policy: x }]
`;
  const { warnings } = await loadRespond(text);
  expect(warnings.map(({ reason, detail }) => `${reason}: ${detail}`)).toEqual([
    "unused-channel: channel s",
    "unused-channel: channel t",
    "shadowed-route: alerts.routes[0] takes everything, 1 after it nothing",
    "unused-policy: policy only",
  ]);
  expect((await loadRespond(respondFile)).warnings).toEqual([]);
});

test("config validate warns of pages that would have no reader", async () => {
  const text = respondFile
    .replace('handover: { daily: "08:30" }', 'handover: { daily: "08:30" }')
    .replace(
      'people: [ann, bob], from: "2026-01-05T09:00"',
      'people: [ann, bob], hours: [{ from: "09:00", to: "17:00" }]',
    );
  const read = (path: string) => (path === "/etc/f.yaml" ? Promise.resolve(text) : Promise.reject(new Error("no")));
  const clock = { now: () => Date.parse("2026-03-02T00:00Z") };
  const { text: shown, isValid } = await validateConfig("/etc/f.yaml", respondSecrets, read, clock);
  expect(isValid).toBe(true);
  expect(shown).toMatch(/warning: primary: nobody on call: \d+ times, .* first from 2026-03-02T/);
});
