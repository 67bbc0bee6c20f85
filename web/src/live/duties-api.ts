import type {
  CausesPage,
  CohortTable,
  DutiesNow,
  DutyExplanation,
  EpochsPage,
  FleetPage,
  NextDutiesPage,
  SlaPage,
  ValidatorDetail,
  ValidatorDuties,
  ValidatorsPage,
} from "../../../src/api/contract-duties.ts";
import { readHeatTile, type HeatTile } from "../model/heatmap-tile.ts";
import { callBytes, callJson, reader, withQuery } from "./api.ts";

export const fetchDuties = reader<DutiesNow>("duties");
export const fetchEpochs = reader<EpochsPage>("duties/epochs");
export const fetchNext = reader<NextDutiesPage>("duties/next");
export const fetchSla = reader<SlaPage>("sla");
export const fetchFleet = reader<FleetPage>("fleet");
export const fetchCauses = (from: number, signal?: AbortSignal) =>
  callJson<CausesPage>(withQuery("duties/causes", { from }), {}, signal);
export const fetchCohorts = (epochs: number, signal?: AbortSignal) =>
  callJson<CohortTable>(withQuery("cohorts", { epochs }), {}, signal);

export interface ValidatorsQuery {
  search?: string | undefined;
  key?: string | undefined;
  value?: string | undefined;
}

export const fetchValidators = (
  query: ValidatorsQuery,
  after: string | undefined,
  limit: number,
  signal?: AbortSignal,
) => callJson<ValidatorsPage>(withQuery("validators", { ...query, after, limit }), {}, signal);

const one = (id: string) => `validators/${encodeURIComponent(id)}`;
export const fetchValidator = (id: string, signal?: AbortSignal) =>
  callJson<ValidatorDetail>(`/api/v1/${one(id)}`, {}, signal);
export const fetchValidatorDuties = (id: string, from: number | undefined, signal?: AbortSignal) =>
  callJson<ValidatorDuties>(withQuery(`${one(id)}/duties`, { from }), {}, signal);
export const fetchProof = (id: string, epoch: number, signal?: AbortSignal) =>
  callJson<DutyExplanation>(withQuery(`${one(id)}/proof`, { epoch }), {}, signal, 30_000);

export const fetchHeatTile = async (
  query: { from: number; to: number; key?: string | undefined; value?: string | undefined },
  signal?: AbortSignal,
): Promise<HeatTile> => readHeatTile(await callBytes(withQuery("duties/heatmap", query), signal));
