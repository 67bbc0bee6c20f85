import { createPrivateKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeCertificate } from "../../lib/make-certificate.ts";
import { clientRulesOf, gatewaySettingsOf, tlsTextsOf } from "../config-mapping.ts";
import { describeConfig, printableConfig } from "./describe.ts";
import { diffConfig } from "./diff.ts";
import { loadConfig, type LoadedConfig } from "./load.ts";

const pair = makeCertificate("localhost");
const other = makeCertificate("localhost");

type Files = Readonly<Record<string, string>>;
const files: Files = {
  "/etc/cert.pem": pair.cert,
  "/etc/key.pem": pair.key,
  "/etc/ca.pem": other.cert,
  "/etc/token-b": "token-b\n",
};

function load(text: string, read: Files = files): Promise<LoadedConfig> {
  const all: Files = { ...read, "/etc/f.yaml": `nodes: [{ name: a, url: "http://a:1" }]\n${text}` };
  return loadConfig("/etc/f.yaml", { TOKEN_A: "token-a" }, (path) =>
    path in all ? Promise.resolve(all[path] as string) : Promise.reject(Object.assign(new Error(), { code: "ENOENT" })),
  );
}

async function good(text: string, read: Files = files) {
  const { config, problems } = await load(text, read);
  if (!config) throw new Error(JSON.stringify(problems));
  return config;
}

const codes = async (text: string, read?: Files) =>
  (await load(text, read)).problems.map(({ path, code }) => `${path}: ${code}`);

describe("clients", () => {
  const two = `gateway:
  requireKnownClients: true
  routes: { deny: ["POST /eth/v1/beacon/pool/voluntary_exits"] }
  clients:
    - { name: team-a, token: { env: TOKEN_A }, addresses: [10.0.1.0/24] }
    - { name: team-b, token: { file: token-b }, routes: { allow: [/lighthouse] } }
groups: [{ name: g, listen: 127.0.0.1:9000, routes: { only: [/eth] } }]\n`;

  test("arrive at the data path with their tokens and all lists that hold in a group", async () => {
    const config = await good(two);
    const rules = clientRulesOf(config, config.groups[0] as (typeof config.groups)[number]);
    expect(rules.requireKnownClients).toBe(true);
    expect(rules.routeRules).toEqual([
      { deny: ["POST /eth/v1/beacon/pool/voluntary_exits"], allow: [], only: [] },
      { deny: [], allow: [], only: ["/eth"] },
    ]);
    expect(rules.clients).toEqual([
      { name: "team-a", token: "token-a", addresses: ["10.0.1.0/24"] },
      { name: "team-b", token: "token-b", addresses: [], routes: { deny: [], allow: ["/lighthouse"], only: [] } },
    ]);
  });

  test("are taken over live, tokens included; no token is ever printed", async () => {
    const config = await good(two);
    const next = await good(two, { ...files, "/etc/token-b": "token-c" });
    expect(
      diffConfig(config, next).map(({ path, effect, from, to }) => [path, effect, /token-[abc]\b/.test(from + to)]),
    ).toEqual([["gateway.clients", "live", false]]);
    expect(JSON.stringify(printableConfig(config)) + describeConfig(config)).not.toMatch(/token-[ab]\b/);
  });

  test("secret files are watched", async () => {
    expect((await load(two)).files).toContain("/etc/token-b");
  });

  test.each([
    ["a token as plain text", "clients: [{ name: a, token: abc }]", "gateway.clients[0].token: bad-secret"],
    ["nothing to tell it by", "clients: [{ name: a }]", "gateway.clients[0]: missing-key"],
    [
      "a host name for an address",
      "clients: [{ name: a, addresses: [vc.example.org] }]",
      "gateway.clients[0].addresses[0]: bad-value",
    ],
    [
      "a block twice",
      "clients: [{ name: a, addresses: [10.0.0.1] }, { name: b, addresses: [10.0.0.1] }]",
      "gateway.clients[1].addresses[0]: duplicate-member",
    ],
    [
      "a name twice",
      "clients: [{ name: a, addresses: [10.0.0.1] }, { name: A, addresses: [10.0.0.2] }]",
      "gateway.clients[1].name: duplicate-name",
    ],
    [
      "a token twice",
      "clients: [{ name: a, token: { env: TOKEN_A } }, { name: b, token: { env: TOKEN_A } }]",
      "gateway.clients[1].token: duplicate-member",
    ],
    ["known clients only, and none known", "requireKnownClients: true", "gateway: conflict"],
    ["a pattern that is none", "routes: { deny: [eth/v1] }", "gateway.routes.deny[0]: bad-value"],
    ["a key that is none", "routes: { denied: [/eth] }", "gateway.routes.denied: unknown-key"],
    ["agreement of nobody", "agree: 0", "gateway.agree: bad-value"],
    ["agreement of a word", "agree: most", "gateway.agree: bad-value"],
  ])("%s is refused with its place", async (_name, text, expected) => {
    expect(await codes(`gateway: { ${text} }`)).toEqual([expected]);
  });
});

test("agreement, boost and bounds reach the data path", async () => {
  const limits =
    "limits: { bulkRequestsPerNode: 10, bulkRequestsPerClient: 5, cacheMiB: 1, bodiesMiB: 2, eventStreams: 7 }";
  const settings = gatewaySettingsOf(await good(`gateway: { agree: 3, builderBoostPercent: 90, ${limits} }`));
  expect(settings).toMatchObject({
    agree: { nodes: 3 },
    blindedBoostPercent: 90,
    maxBulkPerNode: 10,
    bulkConnections: 15,
    maxBulkPerClient: 5,
    maxCacheBytes: 1024 * 1024,
    maxBufferedBytes: 2 * 1024 * 1024,
    maxEventStreams: 7,
  });
  expect(gatewaySettingsOf(await good("gateway: { agree: off }"))).toMatchObject({ agree: "off" });
});

describe("TLS", () => {
  const tls = (keys: string) => `groups: [{ name: g, listen: 127.0.0.1:9000, tls: { ${keys} } }]\n`;
  const both = "cert: cert.pem, key: key.pem";

  test("files are read, tried and watched, and never printed", async () => {
    const loaded = await load(tls(both));
    const read = loaded.config?.groups[0]?.tls;
    expect(read && tlsTextsOf(read)).toEqual({ cert: pair.cert, key: pair.key });
    expect(loaded.files).toEqual(expect.arrayContaining(["/etc/cert.pem", "/etc/key.pem"]));
    expect(JSON.stringify(loaded.config && printableConfig(loaded.config))).not.toContain("BEGIN");
  });

  test("a new certificate is live; TLS itself and the demand for client certificates are not", async () => {
    const effects = async (before: string, after: string, read = files) =>
      diffConfig(await good(before), await good(after, read)).map(({ path, effect }) => `${effect} ${path}`);
    const renewed = { ...files, "/etc/cert.pem": other.cert, "/etc/key.pem": other.key };
    expect(await effects(tls(both), tls(both), renewed)).toEqual(["live groups.g.tls"]);
    expect(await effects(tls(both), tls(`${both}, clientCa: ca.pem`))).toEqual(["restart groups.g.tls"]);
    expect(await effects("groups: [{ name: g, listen: 127.0.0.1:9000 }]", tls(both))).toEqual(["restart groups.g.tls"]);
  });

  const encrypted = createPrivateKey(pair.key).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "x",
  });
  test.each([
    ["a file that is not there", { "/etc/cert.pem": undefined }, "groups[0].tls.cert: missing-file"],
    ["a file that is no certificate", { "/etc/cert.pem": "hello" }, "groups[0].tls.cert: bad-tls"],
    ["a file that is no key", { "/etc/key.pem": "hello" }, "groups[0].tls.key: bad-tls"],
    ["an encrypted key", { "/etc/key.pem": String(encrypted) }, "groups[0].tls.key: bad-tls"],
    ["another pair's key, as in the middle of a renewal", { "/etc/key.pem": other.key }, "groups[0].tls.key: bad-tls"],
    ["an authority that is none", { "/etc/ca.pem": "hello" }, "groups[0].tls.clientCa: bad-tls"],
  ])("%s is refused, and the message says what to do", async (_name, change, expected) => {
    const read = Object.fromEntries(
      Object.entries({ ...files, ...change }).filter(([, text]) => text !== undefined),
    ) as Files;
    const text = tls(`${both}, clientCa: ca.pem`);
    expect(await codes(text, read)).toEqual([expected]);
    expect((await load(text, read)).problems[0]?.fix.length).toBeGreaterThan(10);
  });
});
