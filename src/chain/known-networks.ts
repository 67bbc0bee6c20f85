/** What identifies a public network and cannot change: its genesis. Sources: the networks' published `config.yaml` and genesis state. */
export interface KnownNetwork {
  /** 0x-prefixed, 32 bytes, lower case. */
  genesisValidatorsRoot: string;
  /** 0x-prefixed, 4 bytes, lower case. */
  genesisForkVersion: string;
}

/** Public networks by their `CONFIG_NAME`; the values are those of the networks' published genesis states. */
export const knownNetworks = {
  mainnet: {
    genesisValidatorsRoot: "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95",
    genesisForkVersion: "0x00000000",
  },
  sepolia: {
    genesisValidatorsRoot: "0xd8ea171f3c94aea21ebc42a1ed61052acf3f9209c00e4efbaaddac09ed9b8078",
    genesisForkVersion: "0x90000069",
  },
  hoodi: {
    genesisValidatorsRoot: "0x212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f",
    genesisForkVersion: "0x10000910",
  },
  holesky: {
    genesisValidatorsRoot: "0x9143aa7c615a7f7115e2b6aac319c03529df8242ae705fba9df39b79c59fa8b1",
    genesisForkVersion: "0x01017000",
  },
  gnosis: {
    genesisValidatorsRoot: "0xf5dcb5564e829aab27264b9becd5dfaa017085611224cb3036f573368dbb9d47",
    genesisForkVersion: "0x00000064",
  },
  chiado: {
    genesisValidatorsRoot: "0x9d642dac73058fbf39c0ae41ab1e34e4d889043cb199851ded7095bc99eb4c1e",
    genesisForkVersion: "0x0000006f",
  },
} as const satisfies Record<string, KnownNetwork>;
export type KnownNetworkName = keyof typeof knownNetworks;
export const knownNetworkNames = Object.keys(knownNetworks) as KnownNetworkName[];

/** The public network that has this genesis validators root, so that a wrong one can be called by its name. */
export function findNetworkByRoot(
  genesisValidatorsRoot: string,
): (KnownNetwork & { name: KnownNetworkName }) | undefined {
  return everyNetwork().find((network) => network.genesisValidatorsRoot === genesisValidatorsRoot.toLowerCase());
}

function everyNetwork(): (KnownNetwork & { name: KnownNetworkName })[] {
  return knownNetworkNames.map((name) => ({ name, ...knownNetworks[name] }));
}
