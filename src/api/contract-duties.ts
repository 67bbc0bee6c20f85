import type { BlastRadiusLabel } from "../duties/causes/blast-radius.ts";
import type { LiveSlot } from "../duties/live-slot.ts";
import type { DutyRetention, StoredEpoch } from "../duties/stored-epoch.ts";
import type {
  CohortTotals,
  DutyException,
  DutyGap,
  DutyProof,
  DutyTotals,
  EpochState,
  NextDuty,
  ProposalOutcome,
  RewardSource,
  SlashingOutcome,
  SlotOutcome,
  SyncOutcome,
} from "../duties/types.ts";
import type { Customer, InventoryFinding, KeyConflict, SourceState } from "../fleet/validator.ts";
import type { KeyReconciliation } from "../signals/key-reconciliation.ts";
import type { SlaStanding } from "../sla/types.ts";

/**
 * What the browser and scripts get about duties; part of the contract in `contract.ts`.
 *
 *   GET  /api/v1/duties                               DutiesNow
 *   GET  /api/v1/duties/epochs?from=&to=              EpochsPage, oldest first (default: the last 225)
 *   GET  /api/v1/duties/epochs/{epoch}                EpochDetail
 *   GET  /api/v1/duties/cohorts?key=&value=&from=&to= CohortsPage, by epoch, oldest first
 *   GET  /api/v1/duties/exceptions?validator=&kind=&outcome=&cause=&from=&to=&before=&limit=   ExceptionsPage, newest first
 *   GET  /api/v1/duties/causes?from=&to=              CausesPage
 *   GET  /api/v1/duties/next                          NextDutiesPage
 *   GET  /api/v1/duties/heatmap?from=&to=&key=&value= binary, see `HeatmapHeader`
 *   GET  /api/v1/cohorts?epochs=                      CohortTable: each cohort over the last epochs
 *   GET  /api/v1/validators?search=&key=&value=&after=&limit=   ValidatorsPage, by index
 *   GET  /api/v1/validators/{id}                      ValidatorDetail; id: index or key
 *   GET  /api/v1/validators/{id}/duties?from=&to=     ValidatorDuties, newest first
 *   GET  /api/v1/validators/{id}/proof?epoch=         DutyExplanation
 *   GET  /api/v1/sla                                  SlaPage
 *   GET  /api/v1/fleet                                FleetPage
 */
export interface DutiesNow {
  at: number;
  /** `off`: no validator is configured. `starting`: nothing judged yet. */
  state: "off" | "starting" | "following" | "behind" | "stalled";
  /** For a person: what it does or what it waits for. */
  sentence: string;
  currentSlot: number | undefined;
  currentEpoch: number | undefined;
  slotsPerEpoch: number;
  slotDurationMs: number;
  genesisTimeMs: number;
  watched: number;
  network: number | undefined;
  provisionalEpoch: number | undefined;
  finalEpoch: number | undefined;
  finalizedEpoch: number | undefined;
  /** Live counts of the running epoch's slots, ours and everybody's. */
  live: readonly LiveSlot[];
  retention: DutyRetention;
  cost: { requests: number; bytesReceived: number; bytesSent: number; epoch: number } | undefined;
}

export type { LiveSlot };

export interface EpochsPage {
  epochs: readonly StoredEpoch[];
  gaps: readonly DutyGap[];
}

export interface EpochDetail extends StoredEpoch {
  slots: readonly SlotOutcome[];
  cohorts: readonly CohortTotals[];
  proposals: readonly ProposalOutcome[];
  sync: readonly SyncOutcome[];
  slashings: readonly SlashingOutcome[];
}

export interface CohortsPage {
  cohorts: readonly (CohortTotals & { epoch: number })[];
}

/**
 * Sums over the last epochs, largest cohorts first; only `validators` and `stake` are those of the newest epoch. `previous`:
 * the same over as many epochs before. `cut`: how many cohorts of a key with very many are left out.
 */
export interface CohortTable {
  fromEpoch: number;
  toEpoch: number;
  epochs: number;
  network: DutyTotals;
  cohorts: readonly (CohortTotals & { previous: DutyTotals | undefined })[];
  cut: number;
}

export interface ExceptionsPage {
  items: readonly DutyException[];
  nextBefore?: string;
}

export interface CausesPage {
  lost: number;
  unknownShare: number;
  causes: readonly { code: string; lost: number; validators: number; lostGwei: number }[];
  /** The labels that explain the most losses, best first. */
  blastRadius: readonly BlastRadiusLabel[];
}

export interface NextDutiesPage {
  duties: readonly (NextDuty & { at: number; untilAt: number; pubkey: string | undefined })[];
  /** Up to which epoch proposals are known. */
  knownToEpoch: number | undefined;
}

/** Body of the heatmap: see `encodeHeatmap`. */
export type { HeatmapHeader } from "../duties/heatmap-header.ts";
export { heatCells } from "../duties/heat-cells.ts";

export interface ValidatorRow {
  index: number | undefined;
  pubkey: string | undefined;
  labels: Readonly<Record<string, string>>;
  /** As beacon-APIs names it; `unknown` where the chain does not know the key or nobody asked yet. */
  status: string;
  effectiveBalance: number | undefined;
  balance: number | undefined;
  /** `heatCells` of the newest epochs, oldest first. */
  recent: readonly number[];
}

export interface ValidatorsPage {
  total: number;
  items: readonly ValidatorRow[];
  nextAfter?: string;
}

export interface ValidatorDetail extends ValidatorRow {
  sources: readonly string[];
  conflicts: readonly KeyConflict[];
  next: NextDutiesPage["duties"];
  /** Over the last epochs. */
  totals: DutyTotals;
  epochs: number;
}

export interface ValidatorDuties {
  items: readonly ValidatorEpoch[];
}

export interface ValidatorEpoch {
  epoch: number;
  state: EpochState;
  /** `dutyBits`. */
  duty: number;
  delay: number;
  emptySlots: number;
  earned: number;
  ideal: number;
  rewards: RewardSource;
  balance: number | undefined;
  exceptions: readonly DutyException[];
  proposals: readonly ProposalOutcome[];
  sync: SyncOutcome | undefined;
}

/** The answer to "why": outcome, causes and, where a node still holds the state, the proof. */
export interface DutyExplanation {
  validator: ValidatorRow;
  epoch: number;
  outcome: ValidatorEpoch | undefined;
  proof: DutyProof | undefined;
  /** Why there is no proof: the node's retention, a gap … */
  noProof?: { code: string; message: string };
  /** The network at the duty's slot, for comparison. */
  network: { assigned: number; included: number; timelyHead: number } | undefined;
}

export interface SlaPage {
  at: number;
  customers: readonly { customer: Customer; month: SlaStanding; last30Days: SlaStanding; validators: number }[];
}

export interface FleetPage {
  revision: number;
  validators: number;
  withoutIndex: number;
  statuses: Readonly<Record<string, number>>;
  sources: readonly SourceState[];
  conflicts: readonly KeyConflict[];
  findings: readonly InventoryFinding[];
  /** Expected against loaded keys, per validator client and signer. */
  keys: readonly KeyReconciliation[];
}
