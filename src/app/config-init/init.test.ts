import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../config/parse.ts";
import { initConfig } from "./init.ts";
import { renderConfig } from "./render.ts";

test("without any source a file with one node is written that is valid as it stands", async () => {
  const { text, notes } = await initConfig({ profile: "solo" });
  const { input, problems } = parseConfig(text, "f.yaml");
  expect(problems).toEqual([]);
  expect(input?.nodes).toMatchObject([{ name: "bn1", url: "http://127.0.0.1:5052" }]);
  expect(notes[0]).toContain("No node was given");
});

test("several sources are joined: one machine stays one node, groups keep their members", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sk-init-"));
  try {
    const haproxy = join(folder, "haproxy.cfg");
    await writeFile(
      haproxy,
      "listen vc\n  bind 127.0.0.1:9000\n  server one 10.0.0.1:5052\n  server two 10.0.0.2:5052 backup\n",
    );
    const { text, notes } = await initConfig({
      fromHaproxy: haproxy,
      fromVcFlags: "--beacon-nodes http://10.0.0.2:5052,http://10.0.0.3:5052",
      profile: "scaled",
    });
    const { input, problems } = parseConfig(text, "f.yaml");
    expect(problems).toEqual([]);
    expect(input?.nodes.map(({ name }) => name)).toEqual(["one", "two", "bn2"]);
    expect(input?.groups?.[0]?.nodes).toMatchObject([{ node: "one" }, { node: "two", role: "backup" }]);
    expect(input?.profile).toBe("scaled");
    expect(notes.join()).toContain("in no group yet: two, bn2");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  [{ fromHaproxy: "/nowhere/haproxy.cfg", profile: "solo" }, "unreadable-file"],
  [{ fromVcFlags: "--http", profile: "solo" }, "no-node-found"],
  [{ node: ["http://"], profile: "solo" }, "no-node-found"],
  [{ profile: "huge" }, "bad-option"],
])("%j is refused as %s", async (sources, code) => {
  await expect(initConfig(sources)).rejects.toMatchObject({ code });
});

test("whatever names and notes a draft holds, the file that is written can be read", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/), {
    minLength: 1,
    maxLength: 4,
    selector: (n) => n.toLowerCase(),
  });
  fc.assert(
    fc.property(names, fc.array(fc.string(), { maxLength: 3 }), (nodeNames, notes) => {
      const nodes = nodeNames.map((name, i) => ({
        name,
        url: `http://10.0.0.${i}:1`,
        secretHeaders: { Authorization: "A_B" },
      }));
      const members = nodeNames.map((node, i) => ({ node, isBackup: i > 0 }));
      const groups = [{ name: nodeNames[0] ?? "", listen: "[::1]:9000", members }];
      const { input, problems } = parseConfig(renderConfig({ nodes, groups, notes }), "f.yaml");
      expect(problems).toEqual([]);
      expect(input?.nodes.map(({ name }) => name)).toEqual(nodeNames);
    }),
  );
});
