import type { FailpointName } from "../../src/notify/start-sender.ts";
import type { MessageKind, NewMessage } from "../../src/outbox/types.ts";

/** What a child is told to do. It ends all that is open from before, says so, and goes on to the round in which it dies. */
export interface ChildOrder {
  path: string;
  /** Added to the database's clock: so much later than the process before it, that all leases have run out. */
  aheadMs: number;
  urls: { slack: string; telegram: string; pagerduty: string; hook: string };
  /** Groups that are resolved before the sender starts, and those that are once it has sent everything. */
  resolveFirst: readonly string[];
  resolveLater: readonly string[];
  next: KillOrder | undefined;
}

export interface KillOrder {
  group: string;
  failpoint: FailpointName;
  /** At which pass of that point. */
  pass: number;
  /** While its alarms are sent, or while their ends are. */
  during: "firing" | "resolve";
  /** With 1, nothing else is under way when the point is passed: what is repeated was repeated because of it. */
  concurrency: number;
}

export type ChildReport = "drained" | "survived";

export const token = "bench-token";

/** Who is told of a group: one stream for each channel, and one whose channel refuses and that goes to its fallback. */
export function messagesOf(group: string, kind: MessageKind): NewMessage[] {
  const to = (
    recipient: string,
    channel: string,
    address: string,
    fallbacks: NewMessage["fallbacks"] = [],
  ): NewMessage => ({
    ...{ recipient, channel, address, groupKey: group, kind, fallbacks },
    dedupKey: `${group} ${kind} ${recipient} ${channel}`,
    body: { title: `[${group}]`, text: "It does not answer.", links: [], severity: "critical" },
  });
  return [
    to("ann", "slack", `C-${group}`),
    to("ann", "telegram", `T-${group}`),
    to("ann", "pagerduty", ""),
    to("ann", "hook", ""),
    to("bob", "refusing", "", [{ channel: "hook", address: "" }]),
  ];
}

export const failpoints: readonly FailpointName[] = [
  ...(["before-claim", "after-claim", "before-send", "after-accept", "after-record"] as const),
];
