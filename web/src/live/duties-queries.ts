import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { DutiesNow, ValidatorsPage } from "../../../src/api/contract-duties.ts";
import {
  fetchCauses,
  fetchCohorts,
  fetchDuties,
  fetchEpochs,
  fetchFleet,
  fetchHeatTile,
  fetchNext,
  fetchProof,
  fetchSla,
  fetchValidator,
  fetchValidatorDuties,
  fetchValidators,
  type ValidatorsQuery,
} from "./duties-api.ts";
import { ApiFailure } from "./api.ts";
import { dutiesKey, judgedKey, receiveDuties } from "./duties-news.ts";

/** Without the stream's news this often; with them it changes nothing. */
const pollMs = 30_000;
const slowPollMs = 120_000;
/** What is large or asked for by hand is not kept for ever. */
const keptMs = 60_000;
/** Cells of one tile at most: with more validators than this allows, fewer epochs are drawn. */
const mostCells = 48_000_000;
export const shownEpochs = 225;

export function useDuties() {
  return useQuery({
    queryKey: dutiesKey,
    refetchInterval: pollMs,
    queryFn: async ({ signal }) => {
      const duties = await fetchDuties(signal);
      receiveDuties(duties);
      return duties;
    },
  });
}

const isOn = (duties: DutiesNow | undefined): duties is DutiesNow => duties !== undefined && duties.state !== "off";

/** A query over judged epochs: asked once validators are configured, and again on news. */
function useJudged<T>(name: readonly unknown[], fetch: (signal: AbortSignal) => Promise<T>) {
  const { data: duties } = useDuties();
  return useQuery({
    queryKey: [...judgedKey, ...name],
    enabled: isOn(duties),
    refetchInterval: slowPollMs,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetch(signal),
  });
}

export const useEpochs = () => useJudged(["epochs"], fetchEpochs);
export const useNext = () => useJudged(["next"], fetchNext);
export const useSla = () => useJudged(["sla"], fetchSla);
export const useFleet = () => useJudged(["fleet"], fetchFleet);
export const useCauses = (fromEpoch: number) =>
  useJudged(["causes", fromEpoch], (signal) => fetchCauses(fromEpoch, signal));
export const useCohorts = (epochs: number) => useJudged(["cohorts", epochs], (signal) => fetchCohorts(epochs, signal));

const pageSize = 50;

/** Validators page by page; `fetchNextPage` reads on. */
export function useValidators(query: ValidatorsQuery) {
  const { data: duties } = useDuties();
  return useInfiniteQuery({
    queryKey: [...judgedKey, "validators", query],
    enabled: isOn(duties),
    gcTime: keptMs,
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ValidatorsPage) => page.nextAfter,
    queryFn: ({ pageParam, signal }) => fetchValidators(query, pageParam, pageSize, signal),
  });
}

/** A validator that is not known stays so: no use in asking again. */
const retry = (_count: number, failure: Error) => !(failure instanceof ApiFailure) || failure.status !== 404;

export const useValidator = (id: string) =>
  useQuery({
    queryKey: [...judgedKey, "validator", id],
    gcTime: keptMs,
    retry,
    queryFn: ({ signal }) => fetchValidator(id, signal),
  });

export const useValidatorDuties = (id: string, from: number | undefined) =>
  useQuery({
    queryKey: [...judgedKey, "validator", id, "duties", from],
    gcTime: keptMs,
    retry,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetchValidatorDuties(id, from, signal),
  });

/** A proof costs the node work: asked for once, tried again by hand only. */
export const useProof = (id: string, epoch: number) =>
  useQuery({
    queryKey: ["proof", id, epoch],
    gcTime: keptMs,
    retry: false,
    queryFn: ({ signal }) => fetchProof(id, epoch, signal),
  });

/** The last epochs of a cohort, or of everybody: as many as a browser holds. */
export function useHeatTile(cohort: { key?: string | undefined; value?: string | undefined }) {
  const { data: duties } = useDuties();
  const to = duties?.provisionalEpoch;
  const epochs = Math.max(8, Math.min(shownEpochs, Math.floor(mostCells / Math.max(1, duties?.watched ?? 1))));
  return useQuery({
    queryKey: [...judgedKey, "heatmap", cohort, to, epochs],
    enabled: isOn(duties) && to !== undefined,
    gcTime: 0,
    placeholderData: keepPreviousData,
    // Cells by the million are not compared with those before.
    structuralSharing: false,
    queryFn: ({ signal }) =>
      fetchHeatTile({ from: Math.max(0, (to ?? 0) + 1 - epochs), to: to ?? 0, ...cohort }, signal),
  });
}
