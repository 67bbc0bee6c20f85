import type { RespondState } from "../../respond/types.ts";
import type { Undelivered } from "./undelivered.ts";

const judgedMs = 30_000;
const messageMs = 5 * 60_000;
const escalationMs = 60_000;

/** Why the dead-man heartbeat must stay away: somebody outside has to look. `undefined`: alarms work. */
export function whyNotWell(facts: {
  state: RespondState;
  lastJudgedAt: number;
  undelivered: Undelivered;
  /** Since when the store takes no writes; `undefined`: it takes them. */
  storeFailingSince: number | undefined;
  now: number;
}): string | undefined {
  const { state, lastJudgedAt, undelivered, storeFailingSince, now } = facts;
  const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
  if (now - lastJudgedAt > judgedMs) return `alarms have not been judged for ${seconds(now - lastJudgedAt)}`;
  // Alarms that change nothing are judged without a write: the next one could not be kept, and so not be told.
  if (storeFailingSince !== undefined && now - storeFailingSince > judgedMs)
    return `nothing could be stored for ${seconds(now - storeFailingSince)}`;
  const overdue = state.episodes.filter(({ escalation }) => (escalation?.dueAt ?? Infinity) < now - escalationMs);
  if (overdue.length > 0) return `${overdue.length} escalations are overdue`;
  const { oldestAt } = undelivered;
  if (oldestAt !== undefined && now - oldestAt > messageMs)
    return `a message has waited for ${seconds(now - oldestAt)}`;
  return undefined;
}
