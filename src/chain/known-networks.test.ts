import { expect, test } from "vitest";
import { findNetworkByRoot, knownNetworks } from "./known-networks.ts";

test("names, roots and fork versions are well formed and unlike each other", () => {
  const networks = Object.values(knownNetworks);
  for (const network of networks) {
    expect(network.genesisValidatorsRoot).toMatch(/^0x[0-9a-f]{64}$/);
    expect(network.genesisForkVersion).toMatch(/^0x[0-9a-f]{8}$/);
  }
  for (const field of ["genesisValidatorsRoot", "genesisForkVersion"] as const)
    expect(new Set(networks.map((network) => network[field])).size).toBe(networks.length);
});

test("a network is found by its root, whatever its case", () => {
  const { mainnet } = knownNetworks;
  const root = mainnet.genesisValidatorsRoot.toUpperCase().replace("0X", "0x");
  expect(findNetworkByRoot(root)).toEqual({ name: "mainnet", ...mainnet });
  expect(findNetworkByRoot(`0x${"12".repeat(32)}`)).toBeUndefined();
});
