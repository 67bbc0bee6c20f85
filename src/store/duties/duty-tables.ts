import type { DutyTotals } from "../../duties/types.ts";
import type { Id, Integer, OptionalInteger } from "../tables.ts";

type TotalsColumns = Record<keyof DutyTotals, Integer>;

/** What is kept of duties. Epochs by number; `bytes` are packed by the column codec or as JSON. */
export interface DutyTables {
  /** `provisional`, `final`: the cursor. `folded`: cohorts of epochs up to it are kept by day only. */
  dutyMarks: { name: string; epoch: Integer };
  dutyGaps: {
    id: Id;
    fromEpoch: Integer;
    toEpoch: Integer;
    reason: string;
    detail: string;
    recordedAt: Integer;
  };
  dutyEpochs: {
    epoch: Integer;
    /** Place in `epochStates`. */
    state: Integer;
    judgedAt: Integer;
    headRoot: string;
    fork: string;
    rewards: string;
    caveats: string;
    /** Totals as JSON, in the order of `totalsKeys`. */
    network: string;
    watched: string;
    /** A bit for each kind and outcome that the exceptions have: see `exceptionBits`. */
    exceptionBits: Integer;
    committeesPerSlot: OptionalInteger;
  };
  dutySlots: { epoch: Integer; bytes: Uint8Array };
  /** Sets of validators, once for all epochs that have them. */
  dutySets: { id: Id; hash: string; bytes: Uint8Array };
  /** Balances that those of later epochs are differences to. Never changed. */
  dutyBases: { id: Id; epoch: Integer; setId: Integer; bytes: Uint8Array };
  dutyColumns: { epoch: Integer; setId: Integer; baseId: OptionalInteger; bytes: Uint8Array };
  dutyCohorts: { id: Id; key: string; value: string };
  dutyCohortEpochs: { epoch: Integer; cohortId: Integer } & TotalsColumns;
  dutyCohortDays: { day: Integer; cohortId: Integer; epochs: Integer } & TotalsColumns;
  /** `id`: see `exceptionId`. `finding`: place in the epoch's `dutyFindings`. */
  dutyExceptions: {
    id: Integer;
    validatorIndex: Integer;
    slot: Integer;
    kind: Integer;
    outcome: Integer;
    detail: Integer;
    lost: OptionalInteger;
    finding: Integer;
    place: OptionalInteger;
  };
  /** Causes with their evidence, each once per epoch. */
  dutyFindings: { epoch: Integer; bytes: Uint8Array };
  /** How many exceptions of an epoch have a cause. */
  dutyCauses: { epoch: Integer; code: string; exceptions: Integer };
  dutyProposals: {
    epoch: Integer;
    position: Integer;
    slot: Integer;
    validatorIndex: Integer;
    outcome: string;
    root: string | null;
    feeRecipient: string | null;
    reward: OptionalInteger;
    lost: OptionalInteger;
    relay: string | null;
    valuePromised: OptionalInteger;
    valuePaid: OptionalInteger;
  };
  dutySync: {
    epoch: Integer;
    position: Integer;
    validatorIndex: Integer;
    seats: Integer;
    duties: Integer;
    hits: Integer;
    earned: OptionalInteger;
    ideal: OptionalInteger;
  };
  dutySlashings: { epoch: Integer; position: Integer; slot: Integer; validatorIndex: Integer; offence: string };
}
