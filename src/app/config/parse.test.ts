import { describe, expect, test } from "vitest";
import { parseConfig } from "./parse.ts";

const good = "nodes: [{ name: bn1, url: http://127.0.0.1:5052 }]\n";

/** "line:column code path" of every problem. */
function problemsOf(text: string): string[] {
  return parseConfig(text, "f.yaml").problems.map(({ line, column, code, path }) =>
    `${line}:${column} ${code} ${path}`.trim(),
  );
}

function fixOf(text: string): string {
  return parseConfig(text, "f.yaml").problems[0]?.fix ?? "";
}

test("the smallest file is valid", () => {
  const { input, problems } = parseConfig(good, "f.yaml");
  expect(problems).toEqual([]);
  expect(input?.nodes).toEqual([{ name: "bn1", url: "http://127.0.0.1:5052", labels: {}, headers: {} }]);
  expect(input?.server.listen).toEqual({ host: "127.0.0.1", port: 7380 });
});

test("metrics are on a port of their own by default, elsewhere by wish, or off", () => {
  const metricsListenOf = (extra: string) => parseConfig(`${good}${extra}`, "f.yaml").input?.gateway.metricsListen;
  expect(metricsListenOf("")).toEqual({ host: "127.0.0.1", port: 7379 });
  expect(metricsListenOf("gateway: { metricsListen: 0.0.0.0:9100 }")).toEqual({ host: "0.0.0.0", port: 9100 });
  expect(metricsListenOf("gateway: { metricsListen: none }")).toBe("none");
  expect(problemsOf(`${good}gateway: { metricsListen: off }`)).toEqual(["2:27 bad-listen gateway.metricsListen"]);
  expect(problemsOf(`${good}gateway: { metricsListen: 127.0.0.1:7381 }`)).toEqual([
    "2:27 duplicate-listen gateway.metricsListen",
  ]);
});

describe("each kind of mistake is found at its place", () => {
  test.each([
    ["an unknown key", `${good}profil: solo`, "2:1 unknown-key profil"],
    [
      "an unknown key inside",
      "nodes:\n  - name: bn1\n    urll: http://a:1\n    url: http://a:2",
      "3:5 unknown-key nodes[0].urll",
    ],
    [
      "an unknown key of a member",
      `${good}groups:\n  - name: g\n    nodes:\n      - { node: bn1, prio: 2 }`,
      "5:22 unknown-key groups[0].nodes[0].prio",
    ],
    ["a missing key", "nodes:\n  - name: bn1", "2:5 missing-key nodes[0].url"],
    ["no nodes", "profile: solo", "1:1 missing-key nodes"],
    ["an empty list of nodes", "nodes: []", "1:8 bad-value nodes"],
    ["a key without value", `${good}groups:`, "2:8 wrong-type groups"],
    ["text where a list belongs", "nodes: bn1", "1:8 wrong-type nodes"],
    ["a list where keys belong", "- a", "1:1 wrong-type"],
    ["a number where text belongs", `${good}server: { dataFolder: 12 }`, "2:23 wrong-type server.dataFolder"],
    ["text where a switch belongs", `${good}gateway:\n  allowFaults: yes`, "3:16 wrong-type gateway.allowFaults"],
    [
      "a fraction",
      `${good}gateway: { limits: { requestBodyMiB: 1.5 } }`,
      "2:38 wrong-type gateway.limits.requestBodyMiB",
    ],
    [
      "a number out of range",
      `${good}gateway: { limits: { requestBodyMiB: 0 } }`,
      "2:38 bad-value gateway.limits.requestBodyMiB",
    ],
    ["a bad choice", `${good}profile: sol`, "2:10 bad-value profile"],
    ["a bad network", `${good}network: mainet`, "2:10 bad-value network"],
    ["bad hex", `${good}network: { genesisValidatorsRoot: 0xabc }`, "2:35 bad-value network.genesisValidatorsRoot"],
    ["a bad name", "nodes: [{ name: a b, url: http://a:1 }]", "1:17 bad-value nodes[0].name"],
    ["a bad URL", "nodes: [{ name: a, url: 'a:1' }]", "1:25 bad-url nodes[0].url"],
    ["a password in a URL", "nodes: [{ name: a, url: http://u:p@a:1 }]", "1:25 url-with-credentials nodes[0].url"],
    [
      "a bad header name",
      "nodes: [{ name: a, url: http://a:1, headers: { 'a b': c } }]",
      "1:48 bad-value nodes[0].headers.a b",
    ],
    [
      "a line break in a header",
      'nodes: [{ name: a, url: http://a:1, headers: { a: "b\\nc" } }]',
      "1:51 bad-value nodes[0].headers.a",
    ],
    ["a bad listen address", `${good}server: { listen: 7380 }`, "2:19 wrong-type server.listen"],
    ["a listen address without host", `${good}server: { listen: ':7380' }`, "2:19 bad-listen server.listen"],
    ["a secret in plain text", `${good}server: { apiToken: hunter2 }`, "2:21 bad-secret server.apiToken"],
    [
      "a secret with two sources",
      `${good}server: { apiToken: { env: A, file: b } }`,
      "2:21 bad-secret server.apiToken",
    ],
    ["a database password", `${good}store: { database: "postgres://u:hunter2@a/b" }`, "2:20 bad-value store.database"],
    ["a bad fee recipient", `${good}feeRecipients: [0x12]`, "2:17 bad-fee-recipient feeRecipients[0]"],
    [
      "TCP control without token",
      `${good}gateway: { control: { listen: 127.0.0.1:9 } }`,
      "2:21 missing-key gateway.control",
    ],
    [
      "TCP control beyond loopback without TLS",
      `${good}gateway: { control: { listen: 0.0.0.0:9, token: { env: T } } }`,
      "2:21 missing-key gateway.control",
    ],
    [
      "TLS of a control that is only a socket",
      `${good}gateway: { control: { tls: { cert: a, key: b } } }`,
      "2:21 conflict gateway.control",
    ],
    [
      "half a client certificate",
      `${good}monitor: { gateways: [{ name: g, url: https://a:1, token: { env: T }, cert: a }] }`,
      "2:23 missing-key monitor.gateways[0]",
    ],
    [
      "an authority for plain HTTP",
      `${good}monitor: { gateways: [{ name: g, url: http://a:1, token: { env: T }, ca: a }] }`,
      "2:23 conflict monitor.gateways[0]",
    ],
    [
      "a gateway with socket and url",
      `${good}monitor: { gateways: [{ name: g, socket: a, url: http://a:1 }] }`,
      "2:23 conflict monitor.gateways[0]",
    ],
    [
      "one name for two nodes",
      "nodes: [{ name: a, url: http://a:1 }, { name: A, url: http://b:1 }]",
      "1:47 duplicate-name nodes[1].name",
    ],
    [
      "one URL for two nodes",
      "nodes: [{ name: a, url: http://a:80 }, { name: b, url: http://A/ }]",
      "1:56 duplicate-url nodes[1].url",
    ],
    [
      "a reference that is an own node",
      `${good}references: [{ name: r, url: http://127.0.0.1:5052, operator: x }]`,
      "2:30 duplicate-url references[0].url",
    ],
    [
      "an unknown node in a group",
      `${good}groups: [{ name: g, nodes: [bn2] }]`,
      "2:29 unknown-node groups[0].nodes[0]",
    ],
    [
      "a node twice in a group",
      `${good}groups: [{ name: g, nodes: [bn1, { node: bn1 }] }]`,
      "2:42 duplicate-member groups[0].nodes[1].node",
    ],
    [
      "two groups on one listener",
      `${good}groups: [{ name: g, listen: 127.0.0.1:1 }, { name: h, listen: 0.0.0.0:1 }]`,
      "2:63 duplicate-listen groups[1].listen",
    ],
    [
      "two groups on the default listener",
      `${good}groups: [{ name: g }, { name: h }]`,
      "2:23 duplicate-listen groups[1].listen",
    ],
    [
      "a group on the server's address",
      `${good}server: { listen: 127.0.0.1:7381 }`,
      "2:19 duplicate-listen server.listen",
    ],
    ["a node that is the gateway", "nodes: [{ name: a, url: http://localhost:7381 }]", "1:25 loop nodes[0].url"],
    [
      "a reserved label",
      "nodes: [{ name: a, url: http://a:1, labels: { host: x } }]",
      "1:47 reserved-label nodes[0].labels.host",
    ],
    [
      "a fee recipient twice",
      `${good}feeRecipients: ["0x${"ab".repeat(20)}", "0x${"AB".repeat(20)}"]`,
      "2:63 duplicate-member feeRecipients[1]",
    ],
    ["an empty file", "# nothing\n", "1:1 empty-file"],
    ["a tab", "nodes:\n\t- name: bn1", "2:1 yaml-syntax"],
    ["an open bracket", "nodes: [", "1:9 yaml-syntax"],
    ["two documents", `${good}---\n${good}`, "2:1 yaml-syntax"],
    ["a key twice", `${good}profile: solo\nprofile: scaled`, "3:1 yaml-duplicate-key"],
    ["a merge key", `${good}server: { <<: { listen: 127.0.0.1:1 } }`, "2:11 unknown-key server.<<"],
    ["a tag", "nodes: !list [{ name: bn1, url: http://a:1 }]", "1:8 yaml-alias"],
  ])("%s", (_name, text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });

  test("anchors and aliases", () => {
    expect(problemsOf("nodes:\n  - name: &a bn1\n    url: *a")).toEqual(["2:14 yaml-alias", "3:10 yaml-alias"]);
  });

  test("a file of the wrong size", () => {
    expect(problemsOf(`${good}#${"x".repeat(1024 * 1024)}`)).toEqual(["1:1 too-large"]);
  });
});

describe("what to write instead is said", () => {
  test.each([
    [`${good}profil: solo`, 'Did you mean "profile"?'],
    [`${good}network: mainet`, 'Did you mean "mainnet"?'],
    [`${good}server: { logLevel: warning }`, 'Did you mean "warn"?'],
    [`${good}groups: [{ name: g, nodes: [bn2] }]`, 'Did you mean "bn1"?'],
    [`${good}groups: [{ name: g, nodes: [lighthouse] }]`, "Known nodes: bn1."],
    [`${good}zzz: 1`, "Known here: profile, network, nodes"],
    [`${good}server: { listen: 7380 }`, "127.0.0.1:7380"],
    [`${good}server: { listen: ':7400' }`, "127.0.0.1:7400"],
    [`${good}server: { apiToken: hunter2 }`, "{ env: NAME }"],
    ["nodes: [{ name: a, url: http://a:1, labels: { rack: 12 } }]", 'Put it in quotes: "12".'],
    ["", "nodes: [{ name: bn1, url: http://127.0.0.1:5052 }]"],
  ])("%j", (text, fix) => {
    expect(fixOf(text)).toContain(fix);
  });
});

test("all problems are listed at once, of every kind, in the order of the text", () => {
  const text =
    "profil: solo\nnodes:\n  - { name: a, url: b }\n  - { name: a, url: http://c:1, x: 1 }\ngroups: [{ name: g, nodes: [z] }]\n";
  expect(problemsOf(text)).toEqual([
    "1:1 unknown-key profil",
    "3:21 bad-url nodes[0].url",
    "4:13 duplicate-name nodes[1].name",
    "4:33 unknown-key nodes[1].x",
    "5:29 unknown-node groups[0].nodes[0]",
  ]);
});

test("no message repeats a secret that was written into the file", () => {
  const text = `nodes: [{ name: a, url: "http://u:hunter2@a:1", headers: { Authorization: [hunter2] } }]\nserver: { apiToken: hunter2 }\nstore: { database: "postgres://u:hunter2@a/b" }\n`;
  const { problems } = parseConfig(text, "f.yaml");
  expect(problems).toHaveLength(4);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});

test("addresses and roots may be written without quotes", () => {
  const root = `0x${"1f".repeat(32)}`;
  const { input } = parseConfig(
    `${good}network: { genesisValidatorsRoot: ${root} }\nfeeRecipients: [0x${"12".repeat(20)}]`,
    "f.yaml",
  );
  expect(input?.network).toEqual({ name: "custom", genesisValidatorsRoot: root });
  expect(input?.feeRecipients).toEqual([`0x${"12".repeat(20)}`]);
});
