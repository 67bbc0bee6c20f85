import type { OutboxRules } from "./ports.ts";
import { fallbackDedupKey, planFailure, planResolve, priorityOf } from "./stream-plan.ts";
import { laneOf, streamKeyOf } from "./types.ts";

/** What the store is given: it sees the types of this folder only. */
export const outboxRules: OutboxRules = { planResolve, planFailure, priorityOf, fallbackDedupKey, streamKeyOf, laneOf };
