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
