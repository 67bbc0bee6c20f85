import type { Labels } from "../../src/alerts/labels.ts";
import type { Draw } from "./draw.ts";
import type { OwnHost, OwnNode, Play } from "./scenario.ts";

/** A fleet in which labels cut across each other, so that no incident can be named by more than one of them by accident. */
export interface Fleet extends Pick<Play, "fleet" | "nodes" | "hosts"> {
  groups: readonly [string, ...string[]];
  validatorClients: readonly [string, ...string[]];
  providers: readonly [string, ...string[]];
}

export const consensusClients = ["lighthouse", "prysm", "teku", "nimbus"] as const;
export const executionClients = ["geth", "nethermind", "besu", "reth"] as const;
const providers = ["alpha", "borealis", "cirrus"] as const;
const regions = ["eu", "us"] as const;
const customers = ["acme", "globex", "initech"] as const;

/**
 * Groups of validator clients, each with its pairs of consensus and execution clients. A validator client has a host of its
 * own; hosts lie at providers that each have several regions; customers are spread over all.
 */
export function buildFleet(draw: Draw, options: { groups?: number; clientsPerGroup?: number } = {}): Fleet {
  const groupCount = options.groups ?? draw.int(8, 10);
  const clientsPerGroup = options.clientsPerGroup ?? draw.int(2, 3);
  const fleet: { labels: Labels; validators: number }[] = [];
  const nodes: OwnNode[] = [];
  const hosts: OwnHost[] = [];
  const groups: string[] = [];
  const validatorClients: string[] = [];
  for (let g = 0; g < groupCount; g++) {
    const group = `group-${g + 1}`;
    groups.push(group);
    // Eight groups and more: each client is run by at least two of them, and no two clients by the same ones.
    const consensusClient = consensusClients[g % consensusClients.length] ?? "lighthouse";
    const executionClient = executionClients[(g + Math.floor(g / 4)) % executionClients.length] ?? "geth";
    for (let c = 0; c < clientsPerGroup; c++) {
      const number = g * clientsPerGroup + c;
      const [validatorClient, host] = [`vc-${number + 1}`, `host-${number + 1}`];
      const provider = providers[(2 * number + g) % providers.length] ?? "alpha";
      const region = regions[draw.int(0, 1)] ?? "eu";
      validatorClients.push(validatorClient);
      hosts.push({ name: host, provider, region });
      const beaconNode = `bn-${number + 1}`;
      nodes.push({ name: beaconNode, group, clientFamily: `${consensusClient}/${executionClient}`, host });
      for (const [i, customer] of customers.entries()) {
        if ((number + i) % 4 === 3) continue;
        fleet.push({
          labels: {
            ...{ validatorClient, beaconNode, group, host, provider, region, customer, operator: "ourselves" },
            ...{ consensusClient, executionClient },
          },
          validators: draw.int(14, 34),
        });
      }
    }
  }
  return {
    ...{ fleet, nodes, hosts },
    groups: groups as unknown as Fleet["groups"],
    validatorClients: validatorClients as unknown as Fleet["validatorClients"],
    providers,
  };
}

/** The fleet without some labels: not every operator writes down everything. */
export function withoutLabels(fleet: Fleet, ...keys: readonly string[]): Fleet {
  return {
    ...fleet,
    fleet: fleet.fleet.map(({ labels, validators }) => ({
      validators,
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.includes(key))),
    })),
  };
}
