import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { AcknowledgeView } from "../../../src/api/contract-oncall.ts";
import type { IncidentsPage, RespondNow } from "../../../src/api/contract-respond.ts";
import { fetchOnCall } from "./alerts-api.ts";
import { ApiFailure } from "./api.ts";
import { fetchAcknowledge, fetchIncident, fetchIncidents, type IncidentsState } from "./respond-api.ts";
import { respondingKey, respondKey } from "./respond-news.ts";

/** Without the stream's news this often. */
const pollMs = 30_000;
/** What is asked for by hand is not kept for ever. */
const keptMs = 60_000;
const linkPollMs = 5_000;
const pageSize = 100;

/** Answers that stay as they are, however often one asks: not known, not allowed, not valid any more. */
const isSettled = (failure: Error) => failure instanceof ApiFailure && failure.status >= 400 && failure.status < 500;
const retry = (_count: number, failure: Error) => !isSettled(failure);

/** Alarms, open incidents and who is on call, as the stream told them last; `undefined` before it has. */
export const useRespondNow = (): RespondNow | undefined =>
  useQuery<RespondNow>({ queryKey: respondKey, queryFn: skipToken }).data;

/** Incidents page by page, newest first; `fetchNextPage` reads on. */
export const useIncidents = (state: IncidentsState, isEnabled = true) =>
  useInfiniteQuery({
    enabled: isEnabled,
    queryKey: [...respondingKey, "incidents", state],
    gcTime: keptMs,
    refetchInterval: pollMs,
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page: IncidentsPage) => page.nextBefore,
    queryFn: ({ pageParam, signal }) => fetchIncidents(state, pageParam, pageSize, signal),
  });

export const useIncident = (reference: string) =>
  useQuery({
    queryKey: [...respondingKey, "incident", reference],
    gcTime: keptMs,
    refetchInterval: pollMs,
    retry,
    queryFn: ({ signal }) => fetchIncident(reference, signal),
  });

/** People and policies to choose from. */
export const useOnCallPage = () =>
  useQuery({
    queryKey: [...respondingKey, "oncall"],
    gcTime: keptMs,
    placeholderData: keepPreviousData,
    retry,
    queryFn: ({ signal }) => fetchOnCall({}, signal),
  });

/** Of one signed link; asked again, so that somebody else's acknowledgement shows. */
export const useAcknowledgeView = (token: string) =>
  useQuery<AcknowledgeView>({
    queryKey: ["acknowledge", token],
    refetchInterval: (query) => (query.state.error !== null && isSettled(query.state.error) ? false : linkPollMs),
    retry,
    queryFn: ({ signal }) => fetchAcknowledge(token, signal),
  });
