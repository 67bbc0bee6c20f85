import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type {
  HistoryPoint,
  ReasonEntry,
  Snapshot,
  StoredTransition,
  TransitionsPage,
} from "../../../src/api/contract.ts";
import { drillsOf, hasEnded } from "../model/drill-words.ts";
import { mergeHistory } from "../model/history.ts";
import { fetchDrills, fetchHistory, fetchHosts, fetchReasons, fetchSnapshot, fetchTransitions } from "./api.ts";
import { receiveDuties, refreshDuties } from "./duties-news.ts";
import { queryClient } from "./query-client.ts";
import { receiveRespond, refreshRespond } from "./respond-news.ts";
import { serverNow } from "./server-clock.ts";
import { followStream } from "./stream.ts";

export const windowMs = 3_600_000;
const historyEveryMs = 10_000;
const hostsEveryMs = 30_000;
const pageSize = 200;
/** Pages read at most to cover the last hour: a flapping fleet must not freeze the page. */
const mostPages = 5;
const mostTransitions = 2_000;

const snapshotKey = ["snapshot"];
const transitionsKey = ["transitions"];
const historyKey = ["history"];
const drillsKey = ["drills"];

export function useSnapshot() {
  return useQuery({ queryKey: snapshotKey, queryFn: ({ signal }) => fetchSnapshot(signal) });
}

/** A part of the snapshot, for those that need not be rendered anew with each. */
export function useSnapshotPart<T>(select: (snapshot: Snapshot) => T): T | undefined {
  return useQuery({ queryKey: snapshotKey, queryFn: ({ signal }) => fetchSnapshot(signal), select }).data;
}

/** Transitions of the last hour and a little more, newest first. */
export interface RecentTransitions {
  items: readonly StoredTransition[];
  gaps: TransitionsPage["gaps"];
  /** Complete from here on. */
  recordedFromAt: number;
}

export function useTransitions() {
  return useQuery({ queryKey: transitionsKey, queryFn: ({ signal }) => fetchRecent(signal) });
}

/** The newest changes of one node, whatever their age; read again when a new one of it arrives on the stream. */
export function useNodeTransitions(gateway: string, group: string, node: string) {
  const { data: recent } = useTransitions();
  const isOwn = (item: StoredTransition) => item.gateway === gateway && item.group === group && item.node === node;
  const newest = recent?.items.find(isOwn)?.id ?? 0;
  return useQuery({
    queryKey: ["node-transitions", gateway, group, node, newest],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const page = await fetchTransitions({ node, group, limit: 20 }, signal);
      return { items: page.items.filter(isOwn) };
    },
  });
}

async function fetchRecent(signal: AbortSignal): Promise<RecentTransitions> {
  const fromAt = serverNow() - windowMs;
  const items: StoredTransition[] = [];
  const gaps: TransitionsPage["gaps"][number][] = [];
  let before: number | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await fetchTransitions({ before, limit: pageSize }, signal);
    items.push(...answer.items);
    gaps.push(...answer.gaps);
    before = answer.nextBefore;
    const oldest = items.at(-1);
    if (before === undefined || oldest === undefined || oldest.at < fromAt) break;
  }
  const isWhole = before === undefined || (items.at(-1)?.at ?? 0) < fromAt;
  return { items, gaps, recordedFromAt: isWhole ? 0 : (items.at(-1)?.at ?? 0) };
}

export function useHistory() {
  return useQuery({
    queryKey: historyKey,
    refetchInterval: historyEveryMs,
    queryFn: async ({ signal }): Promise<readonly HistoryPoint[]> => {
      const known = queryClient.getQueryData<readonly HistoryPoint[]>(historyKey) ?? [];
      const newestAt = known.at(-1)?.at ?? 0;
      const missedMs = Math.min(windowMs, serverNow() - newestAt);
      const page = await fetchHistory(Math.ceil(missedMs / 60_000) + (missedMs < windowMs ? 1 : 0), signal);
      return mergeHistory(known, page.points, serverNow() - windowMs);
    },
  });
}

/** Drills that have ended, and what may be drilled; read again whenever one that runs has ended. */
export function useDrills() {
  const { data: snapshot } = useSnapshot();
  const ended =
    snapshot === undefined
      ? []
      : drillsOf(snapshot)
          .filter(hasEnded)
          .map(({ id }) => id);
  return useQuery({
    queryKey: [...drillsKey, ended.join()],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetchDrills(signal),
  });
}

/** Our machines, which the monitor reads twice a minute. */
export function useHosts() {
  return useQuery({ queryKey: ["hosts"], refetchInterval: hostsEveryMs, queryFn: ({ signal }) => fetchHosts(signal) });
}

/** Text of a reason code; an unknown code reads as itself. Of one that several areas have, `area`'s is meant. */
export function useReasons(area = "upstream"): (code: string) => Pick<ReasonEntry, "short" | "long"> {
  const { data } = useQuery({ queryKey: ["reasons"], queryFn: ({ signal }) => fetchReasons(signal) });
  return (code) => {
    const entries = data?.filter((entry) => entry.code === code) ?? [];
    return entries.find((entry) => entry.area === area) ?? entries[0] ?? { short: code.replaceAll("-", " "), long: "" };
  };
}

/** Joins the event stream to the query cache, for as long as the page lives. */
export function startLiveData(signal: AbortSignal): void {
  followStream(
    {
      snapshot: (snapshot) => queryClient.setQueryData<Snapshot>(snapshotKey, snapshot),
      transition: (transition) =>
        queryClient.setQueryData<RecentTransitions>(transitionsKey, (known) =>
          known === undefined || known.items.some((item) => item.id === transition.id)
            ? known
            : { ...known, items: [transition, ...known.items].slice(0, mostTransitions) },
        ),
      duties: receiveDuties,
      respond: receiveRespond,
      resumed: () => {
        refreshDuties();
        refreshRespond();
        void queryClient.invalidateQueries({ queryKey: transitionsKey });
        void queryClient.invalidateQueries({ queryKey: historyKey });
        void queryClient.invalidateQueries({ queryKey: ["reasons"] });
        void queryClient.invalidateQueries({ queryKey: drillsKey });
      },
      poll: fetchSnapshot,
    },
    signal,
  );
}
