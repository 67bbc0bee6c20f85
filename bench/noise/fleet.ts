import { watchedFleet, type WatchedFleet } from "../../src/app/duties/watched-set.ts";
import type { FleetValidator } from "../../src/fleet/validator.ts";

/** A made-up operator: 10,000 validators of ten customers, on eight validator clients, four groups and two providers. */

export const customers: Readonly<Record<string, number>> = {
  c1: 5_200,
  c2: 2_400,
  c3: 1_200,
  c4: 600,
  c5: 300,
  c6: 150,
  c7: 80,
  c8: 40,
  c9: 20,
  c10: 10,
};

export const groups = ["eu1", "eu2", "us1", "us2"] as const;
export const validatorClients = groups.flatMap((group) => [`vc-${group}-a`, `vc-${group}-b`]);
export const gateways = ["gw-eu", "gw-us", "gw-spare"] as const;
export const nodesOf = (group: string): string[] => [1, 2, 3].map((n) => `bn-${group}-${n}`);
export const providerOf = (group: string): string => (group.startsWith("eu") ? "north" : "west");
export const hosts = groups.flatMap((group) => [1, 2, 3, 4, 5].map((n) => ({ name: `${group}-h${n}`, group })));

export function makeFleet(): WatchedFleet {
  const validators: FleetValidator[] = [];
  const shared = new Map<string, FleetValidator["labels"]>();
  for (const [customer, size] of Object.entries(customers))
    for (let n = 0; n < size; n += 1) {
      const validatorClient = validatorClients[n % validatorClients.length] ?? "";
      const group = validatorClient.slice(3, 6);
      const key = `${customer} ${validatorClient}`;
      const labels = shared.get(key) ?? {
        ...{ customer, group, validatorClient, operator: "own", region: group.slice(0, 2) },
        provider: providerOf(group),
      };
      shared.set(key, labels);
      const index = 100_000 + validators.length;
      validators.push({ index, pubkey: `0x${index.toString(16).padStart(96, "0")}`, labels, sources: ["list"] });
    }
  return watchedFleet(
    { revision: 1, validators, conflicts: [], sources: [], findings: [] },
    Object.keys(customers).map((name) => ({ name, uptimeTarget: 99, feeRecipients: [], relays: "any" as const })),
    [],
  );
}
