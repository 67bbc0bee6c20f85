import type { DutyProof, DutyTotals, EpochState, RewardSource } from "../../duties/types.ts";
import type { LostDutyRow } from "../duty-words/lost-table.ts";

/** What `slotkeeper duties --beacon` found: this is its `--json`. */
export interface AuditReport {
  at: number;
  /** Of the beacon node; without what may be a secret. */
  beacon: string;
  epoch: number;
  state: EpochState;
  fork: string;
  currentEpoch: number;
  fromSlot: number;
  toSlot: number;
  rewards: RewardSource;
  /** Gwei and stake were not asked for, because very many validators are judged. */
  isGweiLeftOut: boolean;
  /** Reason codes: why this is less than complete. */
  caveats: readonly string[];
  /** Everybody of the chain, or those that were named. */
  scope: "everybody" | "named";
  network: DutyTotals;
  ours: DutyTotals;
  /** Duties that were not perfect; `duties` lists the first of them. */
  lost: number;
  duties: readonly LostDutyRow[];
  /** How many of the lost are not listed. */
  cut: number;
  /** Named, and not known to the chain. */
  unknown: readonly string[];
  /** Named, known, and without an attestation duty in this epoch: with their status. */
  idle: readonly { validator: number; status: string }[];
  proofs: readonly DutyProof[];
  cost: { requests: number; bytesReceived: number; bytesSent: number };
}

/** 0: every duty perfect; 1: something was lost, or somebody named is not known. */
export function auditExitStatus({ lost, unknown }: Pick<AuditReport, "lost" | "unknown">): 0 | 1 {
  return lost > 0 || unknown.length > 0 ? 1 : 0;
}
