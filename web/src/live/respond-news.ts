import type { RespondNow } from "../../../src/api/contract-respond.ts";
import { queryClient } from "./query-client.ts";

export const respondKey = ["respond"];
/** What is read of alerts, incidents, pages and on-call: all of it may change with a new revision. */
export const respondingKey = ["responding"];

/** In a storm the revision rises many times a second: reading again keeps this distance. */
const gapMs = 400;
/** One question that hangs does not keep the others from being asked again. */
const patienceMs = 5_000;

let isReading = false;
let isOutdated = false;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Takes the newest state; what was read of alarms is read again where the revision differs. */
export function receiveRespond(respond: RespondNow): void {
  const before = queryClient.getQueryData<RespondNow>(respondKey);
  queryClient.setQueryData<RespondNow>(respondKey, respond);
  if (before?.revision !== respond.revision) refreshRespond();
}

/** After an outage or a change: everything may differ. Asked again while it reads, it reads once more afterwards. */
export function refreshRespond(): void {
  isOutdated = true;
  if (!isReading) void readAgain();
}

async function readAgain(): Promise<void> {
  isReading = true;
  while (isOutdated) {
    isOutdated = false;
    await Promise.race([queryClient.invalidateQueries({ queryKey: respondingKey }), wait(patienceMs)]);
    await wait(gapMs);
  }
  isReading = false;
}
