import { AppError } from "../../lib/app-error.ts";
import { parseChainSpec } from "../../chain/chain-spec.ts";
import type { ChainSpec } from "../../chain/types.ts";

/** What judging needs of `config/spec`. Names are the specification's; amounts are gwei. */
export interface DutySpec extends Pick<ChainSpec, "slotsPerEpoch" | "epochsPerSyncCommitteePeriod" | "forks"> {
  minAttestationInclusionDelay: number;
  /** `integer_squareroot(SLOTS_PER_EPOCH)`: the last delay with a timely source. */
  timelySourceDelay: number;
  syncCommitteeSize: number;
  effectiveBalanceIncrement: number;
  baseRewardFactor: number;
  minEpochsToInactivityPenalty: number;
  sourceWeight: number;
  targetWeight: number;
  headWeight: number;
  syncWeight: number;
  proposerWeight: number;
  weightDenominator: number;
}

type RawSpec = Readonly<Record<string, unknown>>;

/**
 * Reads the `data` of `GET /eth/v1/config/spec`. What a node does not say is mainnet's (weights are constants of
 * consensus-specs, altair/beacon-chain.md, that many nodes leave out).
 *
 * @throws AppError `duty-spec-invalid` where a value that is there cannot be.
 */
export function dutySpecOf(raw: unknown): DutySpec {
  const parsed = parseChainSpec(raw);
  if (!parsed.ok) throw new AppError(parsed.error.message, { code: "duty-spec-invalid" });
  const values = raw as RawSpec;
  const { slotsPerEpoch, epochsPerSyncCommitteePeriod, forks } = parsed.spec;
  return {
    slotsPerEpoch,
    epochsPerSyncCommitteePeriod,
    forks,
    minAttestationInclusionDelay: positive(values, "MIN_ATTESTATION_INCLUSION_DELAY", 1),
    timelySourceDelay: Math.floor(Math.sqrt(slotsPerEpoch)),
    syncCommitteeSize: positive(values, "SYNC_COMMITTEE_SIZE", 512),
    effectiveBalanceIncrement: positive(values, "EFFECTIVE_BALANCE_INCREMENT", 1_000_000_000),
    baseRewardFactor: positive(values, "BASE_REWARD_FACTOR", 64),
    minEpochsToInactivityPenalty: positive(values, "MIN_EPOCHS_TO_INACTIVITY_PENALTY", 4),
    sourceWeight: positive(values, "TIMELY_SOURCE_WEIGHT", 14),
    targetWeight: positive(values, "TIMELY_TARGET_WEIGHT", 26),
    headWeight: positive(values, "TIMELY_HEAD_WEIGHT", 14),
    syncWeight: positive(values, "SYNC_REWARD_WEIGHT", 2),
    proposerWeight: positive(values, "PROPOSER_WEIGHT", 8),
    weightDenominator: positive(values, "WEIGHT_DENOMINATOR", 64),
  };
}

function positive(values: RawSpec, key: string, fallback: number): number {
  const raw = values[key];
  if (raw === undefined) return fallback;
  const value = typeof raw === "string" && /^\d{1,16}$/.test(raw) ? Number(raw) : raw;
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw new AppError(`read config/spec: ${key} is not a whole number above 0; check the node's network configuration`, {
    code: "duty-spec-invalid",
  });
}
