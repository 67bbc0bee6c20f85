import type { Clock } from "../../lib/clock.ts";
import type { GatewaySettings } from "../settings.ts";
import { closePools, openNodeLink, openPools, type GatewayNode, type NodeLink, type NodePools } from "./node-pools.ts";

/** The connections to all nodes of a group; a reload keeps those whose address and headers did not change. */
export interface NodeLinks {
  readonly byName: Map<string, NodeLink>;
  replace(nodes: readonly GatewayNode[]): void;
  /** Sends a node's calls to another address from now on, or to its own again; calls under way end where they began. */
  repoint(name: string, url: string | undefined): void;
  close(): Promise<void>;
}

/** How long calls under way to a removed address may run on, ms. */
const farewellMs = 12_000;

export function createNodeLinks(nodes: readonly GatewayNode[], settings: GatewaySettings, clock: Clock): NodeLinks {
  const byName = new Map<string, NodeLink>();
  const leaving = new Set<NodePools>();

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
    for (const link of before.values()) leave(link);
  }

  function leave(pools: NodePools): void {
    leaving.add(pools);
    clock.after(farewellMs, () => {
      leaving.delete(pools);
      void closePools(pools);
    });
  }

  function repoint(name: string, url: string | undefined): void {
    const link = byName.get(name);
    const address = url ?? link?.node.url;
    if (!link || address === undefined || link.address === address) return;
    const { prefix, duty, bulk, events } = link;
    leave({ address: link.address, prefix, duty, bulk, events });
    // The link itself stays: what was learnt of the node is still true, and calls that hold it find the new pools.
    Object.assign(link, openPools(address, settings));
  }

  replace(nodes);
  return {
    byName,
    replace,
    repoint,
    async close() {
      await Promise.all([...byName.values(), ...leaving].map(closePools));
    },
  };
}

function isSame(a: GatewayNode, b: GatewayNode): boolean {
  return a.url === b.url && JSON.stringify(a.headers) === JSON.stringify(b.headers);
}
