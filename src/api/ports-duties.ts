import type { ExceptionQuery } from "../duties/ports.ts";
import type {
  CausesPage,
  CohortsPage,
  CohortTable,
  DutiesNow,
  DutyExplanation,
  EpochDetail,
  EpochsPage,
  ExceptionsPage,
  FleetPage,
  NextDutiesPage,
  SlaPage,
  ValidatorDetail,
  ValidatorDuties,
  ValidatorsPage,
} from "./contract-duties.ts";

/** Ends of a range of epochs, both included; left out: the newest ones. */
export interface EpochRange {
  from?: number;
  to?: number;
}

export interface ValidatorQuery {
  search?: string;
  key?: string;
  value?: string;
  after?: string;
  limit: number;
}

/** What the API shows of duties; `app` joins it to the follower, the store and the inventory. */
export interface DutyPorts {
  now(): DutiesNow;
  /** Called when `now()` may differ. Returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  epochs(range: EpochRange): Promise<EpochsPage>;
  /** `undefined`: nothing is stored of it. */
  epoch(epoch: number): Promise<EpochDetail | undefined>;
  cohorts(query: EpochRange & { key?: string; value?: string }): Promise<CohortsPage>;
  cohortTable(epochs: number, key?: string): Promise<CohortTable>;
  exceptions(query: ExceptionQuery): Promise<ExceptionsPage>;
  causes(range: EpochRange): Promise<CausesPage>;
  next(): NextDutiesPage;
  /** See `encodeHeatmap`. */
  heatmap(query: EpochRange & { key?: string; value?: string }): Promise<Uint8Array<ArrayBuffer>>;
  validators(query: ValidatorQuery): Promise<ValidatorsPage>;
  /** `undefined`: none of ours. */
  validator(id: string): Promise<ValidatorDetail | undefined>;
  validatorDuties(id: string, range: EpochRange): Promise<ValidatorDuties | undefined>;
  explain(id: string, epoch: number): Promise<DutyExplanation | undefined>;
  sla(): Promise<SlaPage>;
  fleet(): FleetPage;
}
