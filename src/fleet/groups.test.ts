import { expect, test } from "vitest";
import { nodeLabels, placeNodes, resolveGroups } from "./groups.ts";
import { Secret } from "./secret.ts";
import type { NodeConfig } from "./types.ts";

const node = (name: string, more: Partial<NodeConfig> = {}): NodeConfig => ({
  name,
  url: `http://${name}:5052`,
  labels: {},
  headers: {},
  ...more,
});
const listen = { host: "127.0.0.1", port: 7381 };

test("without groups, one group serves every node in the order of the file", () => {
  const groups = placeNodes(undefined, [node("b"), node("a")]);
  expect(groups).toEqual([
    {
      name: "default",
      listen,
      members: [
        { node: "b", priority: 0, role: "primary" },
        { node: "a", priority: 0, role: "primary" },
      ],
    },
  ]);
});

test("members are put in failover order: priority first, then as listed, backups after every primary", () => {
  const [group] = placeNodes(
    [
      {
        name: "g",
        listen,
        nodes: [
          { node: "backup", priority: 0, role: "backup" },
          { node: "last", priority: 999, role: "primary" },
          { node: "first", priority: 0, role: "primary" },
          { node: "second", priority: 0, role: "primary" },
        ],
      },
    ],
    [],
  );
  expect(group?.members.map((member) => member.node)).toEqual(["first", "second", "last", "backup"]);
});

test("a resolved group carries its nodes with revealed headers and the inventory as labels", () => {
  const bn1 = node("bn1", {
    host: "h1",
    client: "teku",
    labels: { rack: "a" },
    headers: { Authorization: new Secret("Bearer x", "env T"), "X-Plain": "y" },
  });
  const [group] = resolveGroups({ nodes: [bn1], groups: placeNodes(undefined, [bn1]) });
  expect(group?.nodes[0]).toMatchObject({
    name: "bn1",
    priority: 0,
    labels: { rack: "a", host: "h1", client: "teku" },
    headers: { Authorization: "Bearer x", "X-Plain": "y" },
  });
});

test("labels leave out what the operator did not say", () => {
  expect(nodeLabels(node("bn1", { region: "fsn1" }))).toEqual({ region: "fsn1" });
});
