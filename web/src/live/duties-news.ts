import type { DutiesNow } from "../../../src/api/contract-duties.ts";
import { queryClient } from "./query-client.ts";

export const dutiesKey = ["duties"];
/** What is read of judged epochs: all of it may change when one more is judged. */
export const judgedKey = ["judged"];

const judgedMark = (duties: DutiesNow) =>
  [duties.state, duties.watched, duties.provisionalEpoch, duties.finalEpoch].join();

/** Takes the newest news of duties; what was read of judged epochs is read again where one more was judged. */
export function receiveDuties(duties: DutiesNow): void {
  const before = queryClient.getQueryData<DutiesNow>(dutiesKey);
  queryClient.setQueryData<DutiesNow>(dutiesKey, duties);
  if (before !== undefined && judgedMark(before) !== judgedMark(duties))
    void queryClient.invalidateQueries({ queryKey: judgedKey });
}

/** After an outage: everything may have changed. */
export function refreshDuties(): void {
  void queryClient.invalidateQueries({ queryKey: dutiesKey });
  void queryClient.invalidateQueries({ queryKey: judgedKey });
}
