import { useOfNow } from "./use-now.ts";

/** Polled every 15 s: what is three times as old is last known, not what is. */
const staleAfterMs = 45_000;

/** Whether data of that instant is too old to be believed; nothing yet is not old. */
export const usePageStale = (at: number | undefined): boolean =>
  useOfNow((now) => at !== undefined && now - at > staleAfterMs);
