import type { Clock } from "../../lib/clock.ts";
import type { GatewaySettings } from "../settings.ts";
import { closeNodeLink, openNodeLink, type GatewayNode, type NodeLink } from "./node-pools.ts";

/** The connections to all nodes of a group; a reload keeps those whose address and headers did not change. */
export interface NodeLinks {
  readonly byName: Map<string, NodeLink>;
  replace(nodes: readonly GatewayNode[]): void;
  close(): Promise<void>;
}

/** How long calls under way to a removed node may run on, ms. */
const farewellMs = 12_000;

export function createNodeLinks(nodes: readonly GatewayNode[], settings: GatewaySettings, clock: Clock): NodeLinks {
  const byName = new Map<string, NodeLink>();
  const leaving = new Set<NodeLink>();

  function replace(next: readonly GatewayNode[]): void {
    const before = new Map(byName);
    byName.clear();
    for (const node of next) {
      const old = before.get(node.name);
      if (old && isSame(old.node, node)) {
        byName.set(node.name, old);
        before.delete(node.name);
      } else byName.set(node.name, openNodeLink(node, settings));
    }
    for (const link of before.values()) {
      leaving.add(link);
      clock.after(farewellMs, () => {
        leaving.delete(link);
        void closeNodeLink(link);
      });
    }
  }

  replace(nodes);
  return {
    byName,
    replace,
    async close() {
      await Promise.all([...byName.values(), ...leaving].map(closeNodeLink));
    },
  };
}

function isSame(a: GatewayNode, b: GatewayNode): boolean {
  return a.url === b.url && JSON.stringify(a.headers) === JSON.stringify(b.headers);
}
