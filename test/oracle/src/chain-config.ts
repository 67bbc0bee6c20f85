import { createChainForkConfig, type ChainForkConfig } from "@lodestar/config";
import { mainnetChainConfig, minimalChainConfig } from "@lodestar/config/configs";
import { gnosisChainConfig } from "@lodestar/config/networks";
import { ACTIVE_PRESET } from "@lodestar/params";
import type { ChainRequest, OracleFork } from "./chain-truth.ts";

export const forkOrder: readonly OracleFork[] = ["altair", "bellatrix", "capella", "deneb", "electra", "fulu"];

const networks = { gnosis: gnosisChainConfig, mainnet: mainnetChainConfig, minimal: minimalChainConfig };

/** The preset's own network with the forks that are asked for: every fork up to `fork` at genesis, later ones never. */
export function chainConfigOf(request: ChainRequest): ChainForkConfig {
  const place = (fork: OracleFork): number => forkOrder.indexOf(fork);
  const epochOf = (fork: OracleFork): number => {
    if (place(fork) <= place(request.fork)) return 0;
    if (request.nextFork !== undefined && place(fork) <= place(request.nextFork))
      return request.transitionEpoch ?? Math.floor(request.epochs / 2);
    return Infinity;
  };
  return createChainForkConfig({
    ...networks[ACTIVE_PRESET],
    ALTAIR_FORK_EPOCH: epochOf("altair"),
    BELLATRIX_FORK_EPOCH: epochOf("bellatrix"),
    CAPELLA_FORK_EPOCH: epochOf("capella"),
    DENEB_FORK_EPOCH: epochOf("deneb"),
    ELECTRA_FORK_EPOCH: epochOf("electra"),
    FULU_FORK_EPOCH: epochOf("fulu"),
    GLOAS_FORK_EPOCH: Infinity,
    BLOB_SCHEDULE: [],
    // A validator may leave at once: no generated chain lives for the 256 epochs that it would wait.
    SHARD_COMMITTEE_PERIOD: 0,
  });
}
