import { fingerprintOf } from "../../src/alerts/labels.ts";
import type { EngineFailpoint } from "../../src/app/respond/respond-engine.ts";
import type { FailpointName } from "../../src/notify/start-sender.ts";

export type StorePlace = { kind: "sqlite"; path: string } | { kind: "postgres"; url: string };

/** `in-commit`: between two statements of the transaction that writes alert, incident and messages. */
export type KillPoint = EngineFailpoint | "in-commit" | FailpointName;

/** What a child is told to do. It ends all that is open from before, says so, and goes on to the round in which it dies. */
export interface ChildOrder {
  store: StorePlace;
  /** Added to every clock: so much later than the process before it, that all leases have run out. */
  aheadMs: number;
  urls: { slack: string; telegram: string; pagerduty: string; hook: string };
  /** The group of the round before, and whether its fact is good again before the process looks at it, or after it has told everything. */
  open: { group: string; ends: "first" | "later" } | undefined;
  next: KillOrder | undefined;
}

export interface KillOrder {
  group: string;
  failpoint: KillPoint;
  /** At which pass of that point. */
  pass: number;
  /** While its alarm is judged and sent, or while its end is. */
  during: "firing" | "resolve";
  /** With 1, nothing else is under way when the point is passed: what is repeated was repeated because of it. */
  concurrency: number;
}

export type ChildReport = "drained" | "survived";

export const token = "bench-token";

/** The key of the alert group of one group of nodes: alerts are grouped by that label alone. */
export function groupKeyOf(group: string): string {
  return fingerprintOf({ group });
}

/** From the fact to the recorded answer, in the order in which they are passed. */
export const killPoints: readonly KillPoint[] = [
  ...(["before-commit", "in-commit", "after-commit"] as const),
  ...(["before-claim", "after-claim", "before-send", "after-accept", "after-record"] as const),
];
