import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DevnetError } from "./devnet-error.ts";
import type { ClientLogLevel } from "./devnet-types.ts";

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const lodestarProgram = pathOf("../node_modules/@chainsafe/lodestar/lib/index.js");
const hook = pathOf("./lodestar-hook.ts");

/** Where things that survive a run are kept; goes away with `node_modules`. */
export const cacheFolder = pathOf("../node_modules/.cache/slotkeeper-devnet");
export const genesisProgram = pathOf("./generate-genesis.ts");

export const lodestarEnv = { LODESTAR_PRESET: "minimal", NODE_BACKEND: "js" };

/** Slots in an epoch of the minimal preset. */
export const slotsPerEpoch = 8;

export function assertInstalled(): void {
  if (existsSync(lodestarProgram)) return;
  throw new DevnetError("not-installed", "Start devnet: Lodestar is not installed; run `npm ci` in the testbed folder");
}

/** Node arguments that run a script of ours or Lodestar's with the hook for new Node versions. */
export const withHook = (program: string, args: readonly string[]): string[] => ["--import", hook, program, ...args];

export type BeaconArgs = {
  networkFolder: string;
  dataFolder: string;
  restPort: number;
  p2pPort: number;
  nodeCount: number;
  elUrl: string;
  /** Shows on chain when the validator client did not prepare its own recipient at this node. */
  feeRecipient: string;
  logs: ClientLogLevel;
};

export function beaconNodeArgs(o: BeaconArgs): string[] {
  return withHook(lodestarProgram, [
    "beacon",
    ...["--network", "dev"],
    ...["--paramsFile", `${o.networkFolder}/config.yaml`],
    ...["--genesisStateFile", `${o.networkFolder}/genesis.ssz`],
    ...["--dataDir", o.dataFolder],
    ...["--rest", "--rest.address", "127.0.0.1", "--rest.port", String(o.restPort), "--rest.namespace", "*"],
    ...["--listenAddress", "127.0.0.1", "--port", String(o.p2pPort), "--enr.ip", "127.0.0.1"],
    ...["--targetPeers", String(o.nodeCount), "--subscribeAllSubnets", "--network.allowPublishToZeroPeers"],
    ...["--eth1", "false", "--execution.urls", o.elUrl],
    ...["--suggestedFeeRecipient", o.feeRecipient],
    ...["--logLevel", o.logs, "--logFile", "none"],
  ]);
}

export type ValidatorArgs = {
  networkFolder: string;
  dataFolder: string;
  firstIndex: number;
  lastIndex: number;
  beaconNodeUrls: readonly string[];
  feeRecipient: string;
  logs: ClientLogLevel;
  extraArgs: readonly string[];
};

export function validatorClientArgs(o: ValidatorArgs): string[] {
  return withHook(lodestarProgram, [
    "validator",
    ...["--network", "dev"],
    ...["--paramsFile", `${o.networkFolder}/config.yaml`],
    ...["--dataDir", o.dataFolder],
    ...["--interopIndexes", `${o.firstIndex}..${o.lastIndex}`],
    ...["--beaconNodes", o.beaconNodeUrls.join(",")],
    ...["--suggestedFeeRecipient", o.feeRecipient],
    ...["--logLevel", o.logs, "--logFile", "none"],
    ...o.extraArgs,
  ]);
}

/** 20-byte address whose last bytes are `n`. */
export const numberedAddress = (n: number): string => `0x${n.toString(16).padStart(40, "0")}`;
