import { dutiesFreshness } from "../model/duties-state.ts";
import { useDuties } from "./duties-queries.ts";
import { useOfNow } from "./use-now.ts";

/** Whether what is known of duties is too old to be believed. */
export function useDutiesStale(): boolean {
  const { data } = useDuties();
  return useOfNow((now) => data !== undefined && dutiesFreshness(data, now).kind === "stale");
}
