// Runs as a process of its own with the Lodestar packages: node generate-genesis.ts FOLDER VALIDATORS SLOT_SECONDS
// Writes FOLDER/genesis.ssz (genesis time 0, set later) and FOLDER/config.yaml.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Config = Record<string, unknown>;
type BeaconNodeModule = {
  nodeUtils: {
    initDevState(
      config: Config,
      validators: number,
      options: Record<string, unknown>,
    ): {
      state: { serialize(): Uint8Array };
    };
  };
};
type ConfigModule = {
  createIChainForkConfig(config: Config): Config;
  chainConfigToJson(config: Config): Record<string, string>;
};

const [, , folder, validators, slotSeconds] = process.argv;
if (folder === undefined) throw new Error("usage: generate-genesis.ts FOLDER VALIDATORS SLOT_SECONDS");

// Names in variables: the type check of the root project must not need these packages.
const load = async <T>(name: string): Promise<T> => (await import(name)) as T;
const { nodeUtils } = await load<BeaconNodeModule>("@lodestar/beacon-node");
const { createIChainForkConfig, chainConfigToJson } = await load<ConfigModule>("@lodestar/config");
const { minimalChainConfig } = await load<{ minimalChainConfig: Config }>("@lodestar/config/presets");
const { dumpYaml } = await load<{ dumpYaml(value: unknown): string }>("@lodestar/utils");

const config = createIChainForkConfig({
  ...minimalChainConfig,
  CONFIG_NAME: "devnet",
  SECONDS_PER_SLOT: Number(slotSeconds),
  ALTAIR_FORK_EPOCH: 0,
  BELLATRIX_FORK_EPOCH: 0,
  CAPELLA_FORK_EPOCH: 0,
  TERMINAL_TOTAL_DIFFICULTY: 0n,
});
const { state } = nodeUtils.initDevState(config, Number(validators), {
  genesisTime: 0,
  eth1BlockHash: Buffer.alloc(32, 0x0b),
  eth1Timestamp: 0,
});

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "genesis.ssz"), state.serialize());
writeFileSync(join(folder, "config.yaml"), dumpYaml(chainConfigToJson(config)));
