import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { PagesPage } from "../../../src/api/contract-oncall.ts";
import type { AlertHistoryPage } from "../../../src/api/contract-respond.ts";
import { dayStarts } from "../model/calendar.ts";
import { isOver } from "../model/page-words.ts";
import { fetchTokens, fetchUsers } from "./access-api.ts";
import {
  fetchAlertHistory,
  fetchAlerts,
  fetchAudit,
  fetchOnCall,
  fetchPages,
  fetchRespondSettings,
  fetchRules,
  fetchSilences,
} from "./alerts-api.ts";
import { ApiFailure } from "./api.ts";
import { respondingKey } from "./respond-news.ts";
import { serverNow } from "./server-clock.ts";
import { useSession } from "./session-state.ts";

const pollMs = 15_000;
/** Pages that are under way are looked at this often. */
const watchMs = 1_500;
/** What is large or asked for by hand is not kept for ever. */
const keptMs = 60_000;
const pageSize = 100;
export const shownDays = 14;

/** A refusal is final until who asks changes, which is part of the key. */
const retry = (count: number, failure: Error) =>
  failure instanceof ApiFailure && [401, 403, 404].includes(failure.status) ? false : count < Infinity;

function usePolled<T>(name: readonly unknown[], fetch: (signal: AbortSignal) => Promise<T>, isEnabled = true) {
  const session = useSession();
  const who = session.kind === "user" ? session.name : session.kind;
  return useQuery({
    queryKey: [...respondingKey, ...name, who],
    enabled: isEnabled,
    refetchInterval: pollMs,
    refetchOnWindowFocus: true,
    placeholderData: keepPreviousData,
    retry,
    queryFn: ({ signal }) => fetch(signal),
  });
}

export const useAlerts = () => usePolled(["alerts"], fetchAlerts);
export const useRules = (isEnabled = true) => usePolled(["rules"], fetchRules, isEnabled);
export const useSilences = () => usePolled(["silences"], fetchSilences);
export const useRespondSettings = () => usePolled(["settings"], fetchRespondSettings);
export const useUsers = (isEnabled: boolean) => usePolled(["users"], fetchUsers, isEnabled);
export const useApiTokens = (isEnabled: boolean) => usePolled(["tokens"], fetchTokens, isEnabled);

/** On-call from the beginning of this browser's day on, for two weeks. */
export const useOnCall = () =>
  usePolled(["oncall"], (signal) => {
    const starts = dayStarts(serverNow(), shownDays);
    return fetchOnCall({ from: starts[0] ?? 0, to: starts.at(-1) ?? 0 }, signal);
  });

export const useAlertHistory = (alert: string | undefined) =>
  useInfiniteQuery({
    queryKey: [...respondingKey, "history", alert],
    gcTime: keptMs,
    refetchOnWindowFocus: true,
    placeholderData: keepPreviousData,
    retry,
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page: AlertHistoryPage) => page.nextBefore,
    queryFn: ({ pageParam, signal }) => fetchAlertHistory({ alert, before: pageParam, limit: pageSize }, signal),
  });

/** Messages to somebody, followed closely while one of those that are watched is under way. */
export const useWatchedPages = (recipient: string, ids: readonly string[]) =>
  useQuery<PagesPage>({
    queryKey: [...respondingKey, "pages", recipient, ids],
    enabled: ids.length > 0,
    gcTime: keptMs,
    retry,
    refetchInterval: ({ state: { data } }) => (data !== undefined && areOver(data, ids) ? false : watchMs),
    queryFn: ({ signal }) => fetchPages({ recipient, limit: pageSize }, signal),
  });

const areOver = ({ items }: PagesPage, ids: readonly string[]): boolean =>
  ids.every((id) => items.some((page) => page.id === id && isOver(page.state)));

/**
 * The audit, newest first. The server gives records by ids from the oldest on, without holes: from how many there are
 * follows where the newest page begins.
 */
export function useAudit() {
  const session = useSession();
  const isAdmin = session.kind === "user" && session.role === "admin";
  return useInfiniteQuery({
    queryKey: [...respondingKey, "audit"],
    enabled: isAdmin,
    gcTime: keptMs,
    refetchOnWindowFocus: true,
    retry,
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page: { after: number }) => (page.after === 0 ? undefined : page.after),
    async queryFn({ pageParam, signal }) {
      const end = pageParam ?? (await fetchAudit({ after: 0, limit: 1 }, signal)).verdict.count;
      const after = Math.max(0, end - pageSize);
      const page = await fetchAudit({ after, limit: Math.max(1, end - after) }, signal);
      return { after, verdict: page.verdict, records: page.records.toReversed() };
    },
  });
}
