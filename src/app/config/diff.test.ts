import { expect, test } from "vitest";
import { diffConfig } from "./diff.ts";
import { loadConfig } from "./load.ts";

async function configOf(text: string, env: Record<string, string> = {}) {
  const { config, problems } = await loadConfig("/etc/f.yaml", env, () => Promise.resolve(text));
  if (!config) throw new Error(JSON.stringify(problems));
  return config;
}

async function changesOf(before: string, after: string): Promise<string[]> {
  const changes = diffConfig(await configOf(before), await configOf(after));
  return changes.map(({ path, effect }) => `${effect} ${path}`);
}

const base = "nodes: [{ name: a, url: http://a:1 }, { name: b, url: http://b:1 }]\n";
const grouped = `${base}groups: [{ name: g, listen: 127.0.0.1:1, nodes: [a, b] }]\n`;

test.each([
  ["nothing", base, `# a comment\n${base}`, []],
  ["a node's URL", base, base.replace("http://b:1", "http://c:1"), ["live nodes.b.url"]],
  ["members of a group", grouped, grouped.replace("[a, b]", "[b]"), ["live groups.g.members"]],
  ["the listener of a group", grouped, grouped.replace("0.1:1", "0.1:2"), ["restart groups.g.listen"]],
  ["the name of a group", grouped, grouped.replace("name: g", "name: h"), ["restart groups.g", "restart groups.h"]],
  [
    "the data folder",
    base,
    `${base}server: { dataFolder: other }`,
    ["restart server.dataFolder", "restart gateway.control", "restart monitor", "restart store"],
  ],
  ["the log level", base, `${base}server: { logLevel: debug }`, ["live server.logLevel"]],
  ["the network", base, `${base}network: mainnet`, ["restart network"]],
  [
    "fee recipients and profile",
    base,
    `${base}feeRecipients: ["0x${"ab".repeat(20)}"]\nprofile: scaled`,
    ["live profile", "restart feeRecipients"],
  ],
])("a change of %s", async (_name, before, after, expected) => {
  expect(await changesOf(before, after)).toEqual(expected);
});

test("a node that is added joins the default group live", async () => {
  expect(await changesOf("nodes: [{ name: a, url: http://a:1 }]", base)).toEqual([
    "live nodes.b",
    "live groups.default.members",
  ]);
});

test("a secret that changed is told without being shown", async () => {
  const text = "nodes: [{ name: a, url: http://a:1, headers: { X: { env: T } } }]";
  const changes = diffConfig(await configOf(text, { T: "old-one" }), await configOf(text, { T: "new-one" }));
  expect(changes).toEqual([{ path: "nodes.a.headers", effect: "live", from: '{"X":"***"}', to: '{"X":"***"}' }]);
});
