import { expect, test } from "vitest";
import { findKnownNetwork, findNetworkByRoot, knownNetworks } from "./known-networks.ts";

test("names, roots and fork versions are well formed and unlike each other", () => {
  const networks = Object.values(knownNetworks);
  for (const network of networks) {
    expect(network.genesisValidatorsRoot).toMatch(/^0x[0-9a-f]{64}$/);
    expect(network.genesisForkVersion).toMatch(/^0x[0-9a-f]{8}$/);
  }
  for (const field of ["genesisValidatorsRoot", "genesisForkVersion"] as const)
    expect(new Set(networks.map((network) => network[field])).size).toBe(networks.length);
});

test("a network is found by name, and by root whatever its case", () => {
  const mainnet = findKnownNetwork("mainnet");
  expect(mainnet).toBeDefined();
  expect(findNetworkByRoot(mainnet?.genesisValidatorsRoot.toUpperCase().replace("0X", "0x") ?? "")).toEqual(mainnet);
  expect(findKnownNetwork("devnet-7")).toBeUndefined();
});
