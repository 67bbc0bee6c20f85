/** Topics of low volume: what health needs, and what validator clients ask for. High-volume topics are the gateway's own affair. */
export const observedTopics = [
  "head",
  "block",
  "block_gossip",
  "chain_reorg",
  "finalized_checkpoint",
  "voluntary_exit",
  "proposer_slashing",
  "attester_slashing",
  "bls_to_execution_change",
] as const;
