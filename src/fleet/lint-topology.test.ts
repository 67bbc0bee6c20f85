import { expect, test } from "vitest";
import { placeNodes } from "./groups.ts";
import { lintTopology } from "./lint-topology.ts";
import type { NodeConfig } from "./types.ts";

const node = (name: string, more: Partial<NodeConfig> = {}): NodeConfig => ({
  name,
  url: `http://${name}`,
  labels: {},
  headers: {},
  ...more,
});

function reasonsOf(nodes: NodeConfig[], groups = placeNodes(undefined, nodes)): string[] {
  return lintTopology({ nodes, groups }).map((warning) => warning.reason);
}

test("a group of one node is warned of", () => {
  expect(reasonsOf([node("a")])).toEqual(["single-node-group"]);
});

test.each([
  ["host", "shared-host", "h1", "h2"],
  ["provider", "shared-provider", "hetzner", "ovh"],
  ["client", "shared-client", "teku", "lighthouse"],
  ["executionClient", "shared-execution-client", "geth", "besu"],
] as const)("nodes that all share their %s are warned of as %s", (key, reason, value, other) => {
  expect(reasonsOf([node("a", { [key]: value }), node("b", { [key]: value.toUpperCase() })])).toEqual([reason]);
  expect(reasonsOf([node("a", { [key]: value }), node("b", { [key]: other })])).toEqual([]);
  expect(reasonsOf([node("a", { [key]: value }), node("b")])).toEqual([]);
});

test("a node in no group, backups alone and a client nobody knows are warned of", () => {
  const nodes = [node("a", { client: "lighthose" }), node("b"), node("c")];
  const members = ["a", "b"].map((name) => ({ node: name, priority: 1000, role: "backup" as const }));
  const reasons = reasonsOf(nodes, [{ name: "g", listen: { host: "127.0.0.1", port: 1 }, members }]);
  expect(reasons).toEqual(["only-backups", "unused-node", "unknown-client"]);
});
