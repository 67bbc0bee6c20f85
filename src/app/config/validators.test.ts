import { describe, expect, test } from "vitest";
import { describeConfig, printableConfig } from "./describe.ts";
import { diffConfig } from "./diff.ts";
import { loadConfig, type LoadedConfig } from "./load.ts";

const key = `0x${"ab".repeat(48)}`;
const env = { TOKEN: "token-text", DB: "postgres://u:hunter2@db/inventory", HEADER: "Basic x" };
const base = "nodes: [{ name: a, url: http://a:1 }, { name: b, url: http://b:1 }]\n";

function load(text: string, values: Record<string, string> = env): Promise<LoadedConfig> {
  return loadConfig("/etc/f.yaml", values, (path) =>
    path === "/etc/f.yaml"
      ? Promise.resolve(base + text)
      : Promise.reject(Object.assign(new Error(), { code: "ENOENT" })),
  );
}

async function good(text: string, values = env) {
  const { config, problems } = await load(text, values);
  if (!config) throw new Error(JSON.stringify(problems));
  return config;
}

const everything = `validators:
  - { name: l, list: [5, ${key.toUpperCase().replace("0X", "0x")}], labels: { customer: acme } }
  - { name: t, text: keys.txt, refreshSeconds: 5, metrics: "http://vc:1/metrics" }
  - { name: c, csv: /lists/v.csv }
  - { name: k, keymanager: { url: http://vc:2/, token: { env: TOKEN } } }
  - { name: w, web3signer: { url: https://signer, headers: { Authorization: { env: HEADER } } } }
  - { name: p, postgres: { url: { env: DB }, query: "SELECT pubkey FROM v" } }
customers: [{ name: acme, uptimeTarget: 99.5, feeRecipients: ["0x${"AB".repeat(20)}"], relays: required }]
hosts: [{ name: h1, provider: hetzner, region: fsn1, metrics: ["http://h1:9100/metrics"] }]
providers: [{ name: hetzner }]
`;

test("every kind of source is read, with paths made absolute and secrets hidden", async () => {
  const config = await good(everything);
  const shared = { labels: {}, metrics: undefined, refreshMs: 300_000 };
  expect(config.validators).toMatchObject([
    { ...shared, kind: "list", keys: ["5", key], labels: { customer: "acme" } },
    { kind: "text", path: "/etc/keys.txt", refreshMs: 5_000, metrics: "http://vc:1/metrics" },
    { ...shared, kind: "csv", path: "/lists/v.csv" },
    { ...shared, kind: "keymanager", url: "http://vc:2" },
    { ...shared, kind: "web3signer", url: "https://signer" },
    { ...shared, kind: "postgres", query: "SELECT pubkey FROM v" },
  ]);
  expect(config.customers).toEqual([
    { name: "acme", uptimeTarget: 99.5, feeRecipients: [`0x${"ab".repeat(20)}`], relays: "required" },
  ]);
  expect(config.hosts).toEqual([
    { name: "h1", provider: "hetzner", region: "fsn1", metrics: ["http://h1:9100/metrics"], prometheus: [] },
  ]);
  const shown = `${describeConfig(config)}${JSON.stringify(printableConfig(config))}`;
  for (const secret of Object.values(env)) expect(shown).not.toContain(secret);
  for (const name of ["/etc/keys.txt", "https://signer", "SELECT pubkey FROM v"]) expect(shown).toContain(name);
});

test("duties are judged where validators are listed, unless somebody says otherwise", async () => {
  const retention = { columnDays: 90, exceptionDays: 400, cohortDays: 90, dailyCohortDays: 1_826 };
  expect((await good("")).duties).toEqual({ enabled: false, retention, nodes: undefined });
  const listed = "validators: [{ name: l, list: [5] }]\n";
  expect((await good(listed)).duties.enabled).toBe(true);
  const off = await good(`${listed}duties: { enabled: false, retention: { columnDays: 7 }, nodes: [b] }`);
  expect(off.duties).toEqual({ enabled: false, retention: { ...retention, columnDays: 7 }, nodes: ["b"] });
});

describe("each kind of mistake is found at its place, with what to write instead", () => {
  test.each([
    ["a source without a place", "validators: [{ name: a }]", "2:14 missing-key validators[0]", "Add one of: list"],
    ["a source of two", "validators: [{ name: a, list: [1], csv: x }]", "2:14 conflict validators[0]", "Keep one"],
    ["half a key", "validators: [{ name: a, list: [0xabc] }]", "2:32 bad-value validators[0].list[0]", "96 hex digits"],
    [
      "an index below 0",
      "validators: [{ name: a, list: [-1] }]",
      "2:32 bad-value validators[0].list[0]",
      "96 hex digits",
    ],
    [
      "too quick a refresh",
      "validators: [{ name: a, csv: x, refreshSeconds: 1 }]",
      "2:49 bad-value validators[0].refreshSeconds",
      "for example 60",
    ],
    [
      "a key that is misspelt",
      "validators: [{ name: a, csv: x, label: {} }]",
      "2:33 unknown-key validators[0].label",
      '"labels"',
    ],
    [
      "a bad label",
      "validators: [{ name: a, csv: x, labels: { 9x: y } }]",
      "2:43 bad-value validators[0].labels.9x",
      "Rename it",
    ],
    [
      "a token in plain text",
      "validators: [{ name: a, keymanager: { url: http://x, token: t } }]",
      "2:61 bad-secret validators[0].keymanager.token",
      "env",
    ],
    [
      "the API's own path",
      "validators: [{ name: a, keymanager: { url: http://x/eth/v1 } }]",
      "2:44 bad-url validators[0].keymanager.url",
      "Write http://x",
    ],
    [
      "a database password",
      "validators: [{ name: a, postgres: { url: 'postgres://u:p@d/b', query: SELECT 1 } }]",
      "2:42 bad-secret validators[0].postgres.url",
      "env",
    ],
    [
      "a query that writes",
      "validators: [{ name: a, postgres: { url: { env: DB }, query: DELETE FROM v } }]",
      "2:62 bad-value validators[0].postgres.query",
      "SELECT",
    ],
    [
      "a password in a URL of metrics",
      "validators: [{ name: a, csv: x, metrics: 'http://u:p@x/' }]",
      "2:42 url-with-credentials validators[0].metrics",
      "Take it out",
    ],
    [
      "one name for two sources",
      "validators: [{ name: a, list: [1] }, { name: A, list: [2] }]",
      "2:46 duplicate-name validators[1].name",
      "another name",
    ],
    [
      "one name for two customers",
      "customers: [{ name: a }, { name: a }]",
      "2:34 duplicate-name customers[1].name",
      "another name",
    ],
    [
      "an uptime beyond 100 %",
      "customers: [{ name: a, uptimeTarget: 999 }]",
      "2:38 bad-value customers[0].uptimeTarget",
      "99.5",
    ],
    [
      "a fee recipient of a customer",
      "customers: [{ name: a, feeRecipients: [0x12] }]",
      "2:40 bad-fee-recipient customers[0].feeRecipients[0]",
      "whole address",
    ],
    ["a relay policy", "customers: [{ name: a, relays: require }]", "2:32 bad-value customers[0].relays", '"required"'],
    [
      "an unknown node for duties",
      "duties: { nodes: [other] }",
      "2:19 unknown-node duties.nodes[0]",
      "Known nodes: a, b",
    ],
    ["a node for duties twice", "duties: { nodes: [a, a] }", "2:22 duplicate-member duties.nodes[1]", "Remove it"],
  ])("%s", async (_name, text, place, fix) => {
    const { problems } = await load(text);
    expect(problems.map(({ line, column, code, path }) => `${line}:${column} ${code} ${path}`)).toEqual([place]);
    expect(problems[0]?.fix).toContain(fix);
  });

  test("secrets that are missing or no database URL", async () => {
    const { problems } = await load(everything, { TOKEN: "t", DB: "hunter2" });
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "missing-env validators[4].web3signer.headers.Authorization",
      "bad-secret-value validators[5].postgres.url",
    ]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});

test("names that nothing declares are warned of, where any are declared", async () => {
  const text = `validators: [{ name: l, list: [5], labels: { customer: acmee, host: h2, provider: ovh } }]
customers: [{ name: acme }]
hosts: [{ name: h1, provider: ovh }]
providers: [{ name: hetzner }]
`;
  const warnings = (await load(text)).warnings.map(({ reason, detail }) => `${reason} ${detail}`);
  expect(warnings).toEqual([
    "undeclared-provider host h1: ovh",
    "undeclared-host l: h2",
    "undeclared-provider l: ovh",
    "undeclared-customer l: acmee",
  ]);
  expect((await load(text.split("\n").slice(0, 1).join("\n"))).warnings).toEqual([]);
});

test("sources, customers and hosts change while running; so does a secret, which is not shown", async () => {
  const before = await good(everything);
  const changed = everything.replace("refreshSeconds: 5", "refreshSeconds: 6").replace("99.5", "99");
  const after = await good(changed, { ...env, TOKEN: "another" });
  const changes = diffConfig(before, after);
  expect(changes.map(({ path, effect }) => `${effect} ${path}`)).toEqual([
    "live validators.t.refreshMs",
    "live validators.k.token",
    "live customers.acme.uptimeTarget",
  ]);
  expect(JSON.stringify(changes)).not.toMatch(/token-text|another/);
});
