import { expect, test } from "vitest";
import { loadConfig, type ConfigNeed } from "./load.ts";
import { loadRespond, respondSecrets, twoNodes } from "./testing/respond-file.ts";

const slack = "{ name: s, kind: slack, token: { env: SLACK } }";
const pd = "{ name: p, kind: pagerduty, routingKey: { env: KEY } }";
const mail = (more: string) => `channels: [{ name: m, kind: email, host: mail.example, from: a@b.c, ${more} }]`;
const layer = (more: string) =>
  `people: [{ name: ann }]\nonCall: { schedules: [{ name: x, timeZone: UTC, layers: [{ name: w, people: [ann], ${more} }] }] }`;
const policy = (steps: string) => `people: [{ name: ann }]\nonCall: { policies: [{ name: x, steps: ${steps} }] }`;
const window = (more: string) => `alerts: { maintenance: [{ name: w, from: "2026-01-01T00:00Z", ${more} }] }`;
const rule = (alert: string, labels: string) =>
  `alerts: { rules: { groups: [{ name: g, rules: [{ alert: ${alert}, expr: finality_lag_epochs > 3, labels: ${labels}, annotations: { summary: s, description: d, playbook: p } }] }] } }`;

/** "code path" of every problem, and what to do about the first. */
async function problemsOf(text: string, env: Readonly<Record<string, string>> = respondSecrets) {
  const { problems } = await loadRespond(`${twoNodes}${text}`, {}, env);
  return { found: problems.map(({ code, path }) => `${code} ${path}`), fix: problems[0]?.fix ?? "", problems };
}

test.each([
  ["another kind of channel", "channels: [{ name: s, kind: slak }]", "bad-value channels[0].kind", '"slack"'],
  ["a channel without a kind", "channels: [{ name: s }]", "missing-key channels[0].kind", "Add kind: slack"],
  [
    "a token in plain text",
    "channels: [{ name: s, kind: slack, token: xoxb-1 }]",
    "bad-secret channels[0].token",
    "{ env: NAME }",
  ],
  [
    "a webhook's address in plain text",
    "channels: [{ name: s, kind: webhook, url: 'https://a/secret', signingKey: { env: SIGN } }]",
    "bad-secret channels[0].url",
    "{ env: NAME }",
  ],
  [
    "a key of another kind",
    `channels: [${slack.replace(" }", ", port: 1 }")}]`.replace("SLACK, port: 1 } }", "SLACK }, port: 1 }"),
    "unknown-key channels[0].port",
    "Known here: name, kind, token, address, url.",
  ],
  ["one name for two channels", `channels: [${slack}, ${slack}]`, "duplicate-name channels[1].name", "another name"],
  [
    "a Slack channel by its name",
    `channels: [${slack}]\nalerts: { routes: [{ tell: [{ channel: s, address: "#ops" }] }] }`,
    "bad-address alerts.routes[0].tell[0].address",
    "C0123456789",
  ],
  ["a list of mail addresses", mail('address: "a@b.c, d@e.f"'), "bad-address channels[0].address", "one bare address"],
  ["a sender that is none", mail("").replace("a@b.c", "alarms"), "bad-value channels[0]", "alarms@example.org"],
  ["half a login", mail("user: bot"), "missing-key channels[0]", "both"],
  [
    "a password in the clear",
    mail("user: bot, password: { env: SMTP }, security: none"),
    "conflict channels[0]",
    "starttls or tls",
  ],
  [
    "an unknown channel",
    `channels: [${slack}]\npeople: [{ name: ann, contacts: [{ channel: slck, address: C1 }] }]`,
    "unknown-name people[0].contacts[0].channel",
    "Known channels: s.",
  ],
  [
    "a contact without an address",
    `channels: [${slack}]\npeople: [{ name: ann, contacts: [{ channel: s }] }]`,
    "missing-key people[0].contacts[0]",
    "Add address:",
  ],
  [
    "an address where there are none",
    `channels: [${pd}]\nalerts: { fallbacks: [{ channel: p, address: x }] }`,
    "bad-address alerts.fallbacks[0].address",
    "Remove address",
  ],
  ["two people of one name", "people: [{ name: ann }, { name: Ann }]", "duplicate-name people[1].name", "another name"],
  [
    "a time zone that is none",
    "people: [{ name: ann, timeZone: Europe/Berln }]",
    "bad-value people[0].timeZone",
    "Europe/Berlin",
  ],
  [
    "a rotation of nobody",
    layer("").replace("people: [ann], ", "people: []"),
    "bad-value onCall.schedules[0].layers[0].people",
    "[ann, bob]",
  ],
  [
    "somebody unknown in a rotation",
    layer("").replace("people: [ann], ", "people: [anna]"),
    "unknown-name onCall.schedules[0].layers[0].people[0]",
    '"ann"',
  ],
  [
    "a handover of two rhythms",
    layer('handover: { daily: "09:00", weekly: monday }'),
    "conflict onCall.schedules[0].layers[0].handover",
    "every: 12h",
  ],
  [
    "a handover without a rhythm",
    layer('handover: { at: "09:00" }'),
    "conflict onCall.schedules[0].layers[0].handover",
    "weekly: monday",
  ],
  [
    "a day for a rhythm of hours",
    layer("handover: { every: 12h, on: monday }"),
    "conflict onCall.schedules[0].layers[0].handover",
    "Remove on",
  ],
  [
    "a rhythm of minutes",
    layer("handover: { every: 30m }"),
    "bad-value onCall.schedules[0].layers[0].handover.every",
    "12h",
  ],
  [
    "a time of day that is none",
    layer('handover: { daily: "24:00" }'),
    "bad-value onCall.schedules[0].layers[0].handover.daily",
    "09:00",
  ],
  ["30 February", layer('from: "2026-02-30T09:00"'), "bad-value onCall.schedules[0].layers[0].from", "YYYY-MM-DD"],
  [
    "a layer that ends before it begins",
    layer('from: "2026-02-03T09:00", until: "2026-02-02T09:00"'),
    "conflict onCall.schedules[0].layers[0].until",
    "Correct",
  ],
  ["a policy without steps", policy("[]"), "bad-value onCall.policies[0].steps", "notify"],
  ["a step for nobody", policy("[{ notify: [] }]"), "bad-value onCall.policies[0].steps[0].notify", "schedule"],
  [
    "a step for an unknown schedule",
    policy("[{ notify: [{ schedule: x }] }]"),
    "unknown-name onCall.policies[0].steps[0].notify[0].schedule",
    "Known schedules: none.",
  ],
  [
    "a step for somebody unknown",
    policy("[{ notify: [{ person: bob }] }]"),
    "unknown-name onCall.policies[0].steps[0].notify[0].person",
    "Known people: ann.",
  ],
  [
    "a delay without a unit",
    policy("[{ after: 5, notify: [{ person: ann }] }]"),
    "wrong-type onCall.policies[0].steps[0].after",
    "5m",
  ],
  [
    "a route to an unknown policy",
    "alerts: { routes: [{ policy: x }] }",
    "unknown-name alerts.routes[0].policy",
    "Known policies: none.",
  ],
  ["a matcher that is none", "alerts: { routes: [{ match: [lido] }] }", "bad-value alerts.routes[0].match[0]", "acme"],
  [
    "a pattern that is none",
    'alerts: { routes: [{ match: ["a=~(b"] }] }',
    "bad-value alerts.routes[0].match[0]",
    "critical|warning",
  ],
  ["a shipped rule that is none", "alerts: { off: [FinaltyLag] }", "unknown-name alerts.off[0]", '"FinalityLag"'],
  [
    "a rule that ships already",
    rule("StoreFailing", "{ severity: critical, owner: operations, class: down }"),
    "duplicate-name alerts.rules.groups[0].rules[0].alert",
    "alerts.off",
  ],
  [
    "a fact that is none",
    rule("Mine", "{ severity: warning, owner: x }").replace("lag_epochs", "lag_epoch"),
    "bad-value alerts.rules.groups[0].rules[0].expr",
    "finality_lag_epochs > 3",
  ],
  ["a window of nothing", window('to: "2026-01-02T00:00Z"'), "missing-key alerts.maintenance[0]", "nodes: [NAME]"],
  [
    "a window without an offset",
    window('to: "2026-01-02T00:00", nodes: [a]'),
    "bad-value alerts.maintenance[0].to",
    "+02:00",
  ],
  [
    "a window that ends first",
    window('to: "2025-01-02T00:00Z", nodes: [a]'),
    "conflict alerts.maintenance[0]",
    "Correct",
  ],
  [
    "a window for an unknown node",
    window('to: "2026-01-02T00:00Z", nodes: [other]'),
    "unknown-node alerts.maintenance[0].nodes[0]",
    "Known nodes: a, b.",
  ],
  [
    "a window for an unknown host",
    window('to: "2026-01-02T00:00Z", hosts: [h2]'),
    "unknown-name alerts.maintenance[0].hosts[0]",
    "h1",
  ],
  [
    "a wait that is too long",
    "alerts: { grouping: { wait: { critical: 2h } } }",
    "bad-value alerts.grouping.wait.critical",
    "0s",
  ],
  [
    "a public address that is none",
    "server: { publicUrl: slotkeeper }",
    "bad-url server.publicUrl",
    "http://slotkeeper",
  ],
])("%s is found at its place, with what to write instead", async (_name, text, place, fix) => {
  const { found, problems, ...first } = await problemsOf(text);
  expect(found).toEqual([place]);
  expect(first.fix).toContain(fix);
  expect(problems[0]?.line).toBeGreaterThan(1);
});

test("secrets that are missing, and addresses that are none, are told without their text", async () => {
  const text = `channels: [${slack}, { name: h, kind: webhook, url: { env: HOOK }, signingKey: { env: SIGN } }]
alerts: { heartbeat: { url: { env: BEAT } } }
`;
  const { found, problems } = await problemsOf(text, { HOOK: "very-secret", SIGN: "s", BEAT: "ftp://very-secret" });
  expect(found).toEqual([
    "missing-env channels[0].token",
    "bad-secret-value channels[1].url",
    "bad-secret-value alerts.heartbeat.url",
  ]);
  expect(JSON.stringify(problems)).not.toContain("very-secret");
});

test("a gateway and the commands do without the secrets and rule files of alarms, but not without their own", async () => {
  const text = `${twoNodes}channels: [${slack}]\nalerts: { ruleFiles: [gone.yaml], heartbeat: { url: { env: BEAT } } }\n`;
  const read = (path: string) => (path === "/f.yaml" ? Promise.resolve(text) : Promise.reject(new Error("gone")));
  const load = (need: ConfigNeed, from = read) => loadConfig("/f.yaml", {}, from, need);
  expect((await load("whole")).problems).toHaveLength(3);
  const { config, problems } = await load("without-alarms");
  expect([problems, config?.channels, config?.heartbeat]).toEqual([[], [], undefined]);
  const bad = text.replace("host: h1", "host: h1, headers: { A: { env: GONE } }");
  const refused = await load("without-alarms", () => Promise.resolve(bad));
  expect(refused.problems.map(({ path }) => path)).toEqual(["nodes[0].headers.A"]);
});
