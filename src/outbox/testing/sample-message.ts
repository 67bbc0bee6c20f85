import { streamKeyOf, type ClaimedMessage } from "../types.ts";

/** A message that was just claimed for its first attempt, for tests. */
export function outboxMessage(changes: Partial<ClaimedMessage> = {}): ClaimedMessage {
  const { recipient = "ann", channel = "slack", address = "C1", groupKey = "g1" } = changes;
  const place = { channel, address };
  return {
    ...{ id: "m1", recipient, ...place, groupKey, streamKey: streamKeyOf(recipient, place, groupKey) },
    ...{ seq: 1, kind: "firing", dedupKey: "k1", state: "sending", attempt: 1, failures: 0, mayHaveArrived: false },
    body: { title: "bn1 is down", text: "It does not answer.", links: [], severity: "critical" },
    ...{ fallbacks: [], leaseToken: "lease", leaseUntil: 31_000, nextAttemptAt: 1_000, createdAt: 1_000 },
    ...{ providerMessageId: undefined, errorClass: undefined, reason: undefined, detail: undefined },
    ...{ fallbackOf: undefined, sentAt: undefined, endedAt: undefined, threadRoot: undefined },
    ...changes,
  };
}
