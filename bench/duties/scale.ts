/** What the processes of `duties-scale` agree on. The chain begins at an epoch as high as mainnet's. */
export const slotsPerEpoch = 32;
export const slotDurationMs = 12_000;
export const firstEpoch = 375_000;
export const genesisTimeMs = 1_606_824_000_000;
/** Attestations that never reach a block. */
export const missShare = 0.005;
/** The share of each slot that is over when the node and then the watcher look at it. */
export const lookShare = 0.9;

/** What the watcher answers after each slot: its own costs since it started. */
export interface WatcherReport {
  cpuS: number;
  rssMb: number;
  requests: number;
  megabytes: number;
  /** By what was asked for. */
  megabytesBy: Readonly<Record<string, number>>;
  requestsBy: Readonly<Record<string, number>>;
  provisionalEpoch: number;
  finalEpoch: number;
  kind: string;
  detail: string;
  caveats: readonly string[];
  /** Of the whole network, in the epoch that was stored last; and exceptions of the watched ones. */
  assigned: number;
  included: number;
  exceptions: number;
}
