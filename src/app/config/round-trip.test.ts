import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "./load.ts";
import { parseConfig } from "./parse.ts";
import { configSchema } from "./schema.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,10}$/);
const text = fc
  .string({ minLength: 1, maxLength: 20, unit: "grapheme" })
  .filter((t) => t.length > 0 && t.length <= 200);
const header = fc.oneof(fc.stringMatching(/^[ -~]{0,20}$/), fc.constant({ env: "TOKEN" }));
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => `0x${Buffer.from(b).toString("hex")}`);

const node = fc.record(
  {
    name,
    client: fc.constantFrom("teku", "lodestar", "my own"),
    host: text,
    provider: text,
    region: text,
    labels: fc
      .dictionary(fc.stringMatching(/^[a-z]{1,4}$/), text, { maxKeys: 3 })
      .filter((labels) => !("node" in labels) && !("host" in labels)),
    headers: fc.dictionary(fc.stringMatching(/^X-[A-Za-z]{1,8}$/), header, { maxKeys: 2 }),
  },
  { requiredKeys: ["name"] },
);

const yamlOf = (written: unknown) => stringify(written, { aliasDuplicateObjects: false });

/** Any file that an operator could write, valid by construction: ports and hosts are numbered so that none repeats. */
const file = fc
  .record({
    nodes: fc.uniqueArray(node, { minLength: 1, maxLength: 6, selector: (n) => n.name }),
    groupCount: fc.integer({ min: 0, max: 3 }),
    roles: fc.array(fc.constantFrom("primary", "backup"), { minLength: 6, maxLength: 6 }),
    priorities: fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 6, maxLength: 6 }),
    network: fc.oneof(
      fc.constantFrom("auto", "mainnet", "chiado"),
      fc.record({ name, genesisValidatorsRoot: hex(32) }),
    ),
    feeRecipients: fc.uniqueArray(
      hex(20).filter((a) => !/^0x0+$/.test(a)),
      { maxLength: 3 },
    ),
    profile: fc.constantFrom("solo", "scaled"),
    dataFolder: text.filter((t) => !t.includes("\0")),
  })
  .map(({ nodes, groupCount, roles, priorities, network, feeRecipients, profile, dataFolder }) => ({
    profile,
    network,
    nodes: nodes.map((n, i) => ({ ...n, url: `http://10.0.0.${i + 1}:5052` })),
    ...(groupCount > 0 && {
      groups: Array.from({ length: groupCount }, (_, g) => ({
        name: `g${g}`,
        listen: `127.0.0.1:${9000 + g}`,
        nodes: nodes.map((n, i) => (i % 2 === 0 ? n.name : { node: n.name, role: roles[i], priority: priorities[i] })),
      })),
    }),
    feeRecipients,
    server: { dataFolder },
  }));

test("any valid configuration survives being written as YAML and read again", () => {
  fc.assert(
    fc.property(file, (written) => {
      const { input, problems } = parseConfig(yamlOf(written), "f.yaml");
      expect(problems).toEqual([]);
      expect(input).toEqual(configSchema.parse(written));
    }),
    { numRuns: 200 },
  );
});

test("any valid configuration gives each group all of its nodes", async () => {
  await fc.assert(
    fc.asyncProperty(file, async (written) => {
      const { config } = await loadConfig("/etc/f.yaml", { TOKEN: "t" }, () => Promise.resolve(yamlOf(written)));
      for (const group of config?.groups ?? []) expect(group.members).toHaveLength(written.nodes.length);
      expect(config?.groups).toHaveLength(written.groups?.length ?? 1);
    }),
    { numRuns: 50 },
  );
});

test("no text makes the reader throw, and what it refuses has a place and a fix", () => {
  const junk = fc.oneof(
    fc.string(),
    fc.json(),
    fc.string({ unit: fc.constantFrom("a", ":", " ", "\n", "-", "{", "[", "&", "*", "!", "\t", '"', "nodes", "0x") }),
  );
  fc.assert(
    fc.property(junk, (text) => {
      const { input, problems } = parseConfig(text, "f.yaml");
      expect(input === undefined).toBe(problems.length > 0);
      for (const problem of problems) {
        expect(problem.line).toBeGreaterThanOrEqual(1);
        expect(problem.column).toBeGreaterThanOrEqual(1);
        expect(problem.fix).not.toBe("");
      }
    }),
    { numRuns: 500 },
  );
});
