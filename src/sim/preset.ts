import type { BlockSizes } from "../beacon/ssz/block-sizes.ts";

export type PresetName = "mainnet" | "minimal" | "gnosis";

/** Sizes of consensus-specs' presets that shape blocks, committees and duties. */
export interface Preset extends BlockSizes {
  name: PresetName;
  slotsPerEpoch: number;
  epochsPerSyncCommitteePeriod: number;
  targetCommitteeSize: number;
  baseRewardFactor: number;
  maxValidatorsPerWithdrawalsSweep: number;
  epochsPerSlashingsVector: number;
  /** Values of the same name in `config/spec` that only readers of it need. */
  spec: Readonly<Record<string, string>>;
}

const mainnet: Preset = {
  name: "mainnet",
  slotsPerEpoch: 32,
  epochsPerSyncCommitteePeriod: 256,
  syncCommitteeSize: 512,
  maxCommitteesPerSlot: 64,
  targetCommitteeSize: 128,
  maxWithdrawalsPerPayload: 16,
  maxWithdrawalRequestsPerPayload: 16,
  maxDepositRequestsPerPayload: 8192,
  maxConsolidationRequestsPerPayload: 2,
  baseRewardFactor: 64,
  maxValidatorsPerWithdrawalsSweep: 16_384,
  epochsPerSlashingsVector: 8192,
  spec: { SHUFFLE_ROUND_COUNT: "90", SLOTS_PER_HISTORICAL_ROOT: "8192", CHURN_LIMIT_QUOTIENT: "65536" },
};

export const presets: Readonly<Record<PresetName, Preset>> = {
  mainnet,
  /** Gnosis Chain: slots take 5 s there. Only what differs from mainnet. */
  gnosis: {
    ...mainnet,
    name: "gnosis",
    slotsPerEpoch: 16,
    epochsPerSyncCommitteePeriod: 512,
    maxWithdrawalsPerPayload: 8,
    baseRewardFactor: 25,
    maxValidatorsPerWithdrawalsSweep: 8192,
    spec: { ...mainnet.spec, CHURN_LIMIT_QUOTIENT: "4096" },
  },
  minimal: {
    name: "minimal",
    slotsPerEpoch: 8,
    epochsPerSyncCommitteePeriod: 8,
    syncCommitteeSize: 32,
    maxCommitteesPerSlot: 4,
    targetCommitteeSize: 4,
    maxWithdrawalsPerPayload: 4,
    maxWithdrawalRequestsPerPayload: 16,
    maxDepositRequestsPerPayload: 8192,
    maxConsolidationRequestsPerPayload: 2,
    baseRewardFactor: 64,
    maxValidatorsPerWithdrawalsSweep: 16,
    epochsPerSlashingsVector: 64,
    spec: { SHUFFLE_ROUND_COUNT: "10", SLOTS_PER_HISTORICAL_ROOT: "64", CHURN_LIMIT_QUOTIENT: "32" },
  },
};

export const syncCommitteeSubnets = 4;
export const targetAggregators = 16;
