import { readFileSync, readdirSync } from "node:fs";

/** Programs that only run where somebody stakes; a machine with one of them gets no devnet by accident. */
const stakingPrograms =
  /(^|\/)(lighthouse|teku|prysm|beacon-chain|validator|nimbus_beacon_node|nimbus_validator_client|grandine|geth|nethermind|besu|erigon|reth|vouch|charon|web3signer)$/;

export interface MachineFacts {
  env: Readonly<Record<string, string | undefined>>;
  /** The first word of the command line of every process. */
  commands: readonly string[];
}

/** Why this machine looks like production, or undefined where nothing says so. SLOTKEEPER_DEVNET=1 overrules it. */
export function productionSign({ env, commands }: MachineFacts): string | undefined {
  if (env["SLOTKEEPER_DEVNET"] === "1") return undefined;
  if (env["NODE_ENV"] === "production") return "NODE_ENV is production";
  if (env["KUBERNETES_SERVICE_HOST"] !== undefined) return "it runs in a Kubernetes cluster";
  const staking = commands.find((command) => stakingPrograms.test(command));
  return staking === undefined ? undefined : `${staking} is running`;
}

/** Reads the facts of this machine. Processes that end meanwhile, or belong to somebody else, are passed over. */
export function readMachineFacts(): MachineFacts {
  const commands: string[] = [];
  for (const name of readdirSync("/proc"))
    if (/^\d+$/.test(name)) {
      const command = readCommand(name);
      if (command) commands.push(command);
    }
  return { env: process.env, commands };
}

function readCommand(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0];
  } catch {
    return undefined;
  }
}
