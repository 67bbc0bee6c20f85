/** Sizes that shape the SSZ of blocks; the names are consensus-specs' presets'. They differ between networks, not forks. */
export interface BlockSizes {
  /** SYNC_COMMITTEE_SIZE */
  syncCommitteeSize: number;
  /** MAX_COMMITTEES_PER_SLOT */
  maxCommitteesPerSlot: number;
  maxWithdrawalsPerPayload: number;
  maxWithdrawalRequestsPerPayload: number;
  maxDepositRequestsPerPayload: number;
  maxConsolidationRequestsPerPayload: number;
}

/** Mainnet's, for what a node's `config/spec` does not say. */
const mainnetSizes: Readonly<Record<keyof BlockSizes, readonly [name: string, value: number]>> = {
  syncCommitteeSize: ["SYNC_COMMITTEE_SIZE", 512],
  maxCommitteesPerSlot: ["MAX_COMMITTEES_PER_SLOT", 64],
  maxWithdrawalsPerPayload: ["MAX_WITHDRAWALS_PER_PAYLOAD", 16],
  maxWithdrawalRequestsPerPayload: ["MAX_WITHDRAWAL_REQUESTS_PER_PAYLOAD", 16],
  maxDepositRequestsPerPayload: ["MAX_DEPOSIT_REQUESTS_PER_PAYLOAD", 8192],
  maxConsolidationRequestsPerPayload: ["MAX_CONSOLIDATION_REQUESTS_PER_PAYLOAD", 2],
};

/** Reads the sizes of the network from the `data` of `GET /eth/v1/config/spec`: decimal strings, or numbers. */
export function readBlockSizes(spec: Readonly<Record<string, unknown>>): BlockSizes {
  const read = (field: keyof BlockSizes): number => {
    const [name, mainnet] = mainnetSizes[field];
    const value = spec[name];
    const size = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
    return typeof size === "number" && Number.isInteger(size) && size > 0 ? size : mainnet;
  };
  return {
    syncCommitteeSize: read("syncCommitteeSize"),
    maxCommitteesPerSlot: read("maxCommitteesPerSlot"),
    maxWithdrawalsPerPayload: read("maxWithdrawalsPerPayload"),
    maxWithdrawalRequestsPerPayload: read("maxWithdrawalRequestsPerPayload"),
    maxDepositRequestsPerPayload: read("maxDepositRequestsPerPayload"),
    maxConsolidationRequestsPerPayload: read("maxConsolidationRequestsPerPayload"),
  };
}
