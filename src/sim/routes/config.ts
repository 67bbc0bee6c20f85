import { hashParts, toHex } from "../hash.ts";
import { increment, maxEffective, maxEffectiveCompounding, minWithdrawabilityDelay } from "../chain/fork-rules.ts";
import { ok } from "../node/reply.ts";
import type { RouteCall, SimRoute } from "../node/types.ts";
import type { Fork } from "../../chain/types.ts";
import { targetAggregators } from "../preset.ts";

const never = "18446744073709551615";

export const configRoutes: readonly SimRoute[] = [
  { method: "GET", path: "/eth/v1/config/spec", handle: (call) => ok(specOf(call)) },
  {
    method: "GET",
    path: "/eth/v1/config/fork_schedule",
    handle(call) {
      const forks = networkForks(call);
      return ok(
        forks.map((fork, position) => ({
          previous_version: (forks[position - 1] ?? fork).version,
          current_version: fork.version,
          epoch: String(fork.epoch),
        })),
      );
    },
  },
  {
    method: "GET",
    path: "/eth/v1/config/deposit_contract",
    handle: () => ok({ chain_id: "32382", address: `0x${"42".repeat(20)}` }),
  },
  {
    method: "GET",
    path: "/eth/v1/beacon/genesis",
    handle(call) {
      const { chain } = call.node;
      const { network } = call.sight.view;
      return ok({
        genesis_time: String(chain.genesisTimeMs / 1000),
        genesis_validators_root:
          network === undefined ? chain.genesisValidatorsRoot : toHex(hashParts(network, "genesis validators")),
        genesis_fork_version: networkForks(call)[0]?.version ?? "0x00000000",
      });
    },
  },
];

/** Fork versions as the node says them: a node of another network has others. */
export function networkForks({ node, sight }: Pick<RouteCall, "node" | "sight">): readonly Fork[] {
  const { network } = sight.view;
  if (network === undefined) return node.chain.forks;
  const other = toHex(hashParts(network)).slice(2, 8);
  return node.chain.forks.map((fork) => ({ ...fork, version: `${fork.version.slice(0, 4)}${other}` }));
}

function specOf(call: RouteCall): Record<string, unknown> {
  const { chain, preset } = call.node;
  const spec: Record<string, string> = {
    ...preset.spec,
    BASE_REWARD_FACTOR: String(preset.baseRewardFactor),
    EFFECTIVE_BALANCE_INCREMENT: String(increment),
    MAX_EFFECTIVE_BALANCE: String(maxEffective * increment),
    MAX_EFFECTIVE_BALANCE_ELECTRA: String(maxEffectiveCompounding * increment),
    MIN_ATTESTATION_INCLUSION_DELAY: "1",
    MIN_EPOCHS_TO_INACTIVITY_PENALTY: "4",
    INACTIVITY_SCORE_BIAS: "4",
    INACTIVITY_SCORE_RECOVERY_RATE: "16",
    INACTIVITY_PENALTY_QUOTIENT_ALTAIR: "50331648",
    INACTIVITY_PENALTY_QUOTIENT_BELLATRIX: "16777216",
    MIN_VALIDATOR_WITHDRAWABILITY_DELAY: String(minWithdrawabilityDelay),
    EPOCHS_PER_SLASHINGS_VECTOR: String(preset.epochsPerSlashingsVector),
    MAX_WITHDRAWALS_PER_PAYLOAD: String(preset.maxWithdrawalsPerPayload),
    MAX_VALIDATORS_PER_WITHDRAWALS_SWEEP: String(preset.maxValidatorsPerWithdrawalsSweep),
    MAX_ATTESTATIONS: "128",
    MAX_ATTESTATIONS_ELECTRA: "8",
    CONFIG_NAME: call.sight.view.network ?? `sim-${chain.seed}`,
    PRESET_BASE: chain.preset,
    SLOT_DURATION_MS: String(chain.slotDurationMs),
    // Kept for readers from before it was replaced; it holds whole seconds only.
    SECONDS_PER_SLOT: String(Math.max(1, Math.round(chain.slotDurationMs / 1000))),
    SLOTS_PER_EPOCH: String(chain.slotsPerEpoch),
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: String(chain.epochsPerSyncCommitteePeriod),
    SYNC_COMMITTEE_SIZE: String(preset.syncCommitteeSize),
    MAX_COMMITTEES_PER_SLOT: String(preset.maxCommitteesPerSlot),
    TARGET_COMMITTEE_SIZE: String(preset.targetCommitteeSize),
    TARGET_AGGREGATORS_PER_COMMITTEE: String(targetAggregators),
    TARGET_AGGREGATORS_PER_SYNC_SUBCOMMITTEE: String(targetAggregators),
    SYNC_COMMITTEE_SUBNET_COUNT: "4",
    MIN_GENESIS_TIME: String(chain.genesisTimeMs / 1000),
    DEPOSIT_CHAIN_ID: "32382",
    DEPOSIT_NETWORK_ID: "32382",
    DEPOSIT_CONTRACT_ADDRESS: `0x${"42".repeat(20)}`,
    ATTESTATION_DUE_BPS: "3333",
    AGGREGATE_DUE_BPS: "6667",
    SYNC_MESSAGE_DUE_BPS: "3333",
    CONTRIBUTION_DUE_BPS: "6667",
    ATTESTATION_DUE_BPS_GLOAS: "2500",
    AGGREGATE_DUE_BPS_GLOAS: "5000",
    SYNC_MESSAGE_DUE_BPS_GLOAS: "2500",
    CONTRIBUTION_DUE_BPS_GLOAS: "5000",
    DOMAIN_BEACON_PROPOSER: "0x00000000",
    DOMAIN_BEACON_ATTESTER: "0x01000000",
    DOMAIN_SYNC_COMMITTEE: "0x07000000",
  };
  const forks = networkForks(call);
  for (const fork of forks) {
    const prefix = fork.name === "phase0" ? "GENESIS" : fork.name.toUpperCase();
    spec[`${prefix}_FORK_VERSION`] = fork.version;
    if (fork.name !== "phase0") spec[`${prefix}_FORK_EPOCH`] = String(fork.epoch);
  }
  if (!forks.some((fork) => fork.name === "gloas")) {
    spec["GLOAS_FORK_VERSION"] = "0x07ffffff";
    spec["GLOAS_FORK_EPOCH"] = never;
  }
  return { ...spec, BLOB_SCHEDULE: [] };
}
