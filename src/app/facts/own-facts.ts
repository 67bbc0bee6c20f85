import type { Fact } from "../../alerts/fact.ts";
import type { LostSpan, ObservedGateway } from "../../control/observed-gateway.ts";
import type { FreshGroup } from "./chain-facts.ts";

const hourMs = 3_600_000;
/** A `Date` header has whole seconds: of an offset so much may be nothing. */
const dateHeaderMs = 500;
const leastNodes = 2;
/** Nodes must agree that well on the time before they speak against ours. */
const agreementMs = 2_000;

/** How long each gateway has been silent. `startedAt`: since when it is asked. */
export function gatewayFacts(observed: readonly ObservedGateway[], startedAt: number, now: number): Fact[] {
  return observed.map(({ name, isReachable, lastContactAt }) => ({
    name: "gateway_unreachable_seconds",
    labels: { gateway: name },
    value: isReachable ? 0 : Math.max(0, now - (lastContactAt ?? startedAt)) / 1_000,
    at: now,
  }));
}

/** How far our clock is off at least, by the middle of what nodes say; not known where fewer than two nodes agree. */
export function clockFact(groups: readonly FreshGroup[], now: number): Fact[] {
  const byNode = new Map<string, number>();
  for (const { status } of groups)
    for (const { node, clockOffsetMs, lastSeenAt } of status.nodes)
      if (clockOffsetMs !== undefined && lastSeenAt !== undefined && now - lastSeenAt < 60_000)
        byNode.set(node, clockOffsetMs);
  const offsets = [...byNode.values()].sort((a, b) => a - b);
  const middle = offsets[offsets.length >> 1];
  if (middle === undefined) return [];
  const near = offsets.filter((offset) => Math.abs(offset - middle) <= agreementMs);
  if (near.length < leastNodes || near.length * 2 <= offsets.length) return [];
  const value = Math.max(0, Math.abs(middle) - dateHeaderMs);
  return [{ name: "own_clock_offset_ms", labels: {}, value, at: now }];
}

export function undeliveredFacts(undelivered: readonly { channel: string; count: number }[], now: number): Fact[] {
  return undelivered.map(({ channel, count }) => ({
    ...{ name: "messages_undelivered", labels: { channel }, value: count, at: now },
  }));
}

export function storeFact(failingSince: number | undefined, now: number): Fact {
  const value = failingSince === undefined ? 0 : Math.max(0, now - failingSince) / 1_000;
  return { name: "store_failing_seconds", labels: {}, value, at: now };
}

/** Gaps of the last hour by gateway; `readAt`: when they were looked up. */
export function evidenceGapFacts(gateways: readonly string[], lost: readonly LostSpan[], readAt: number): Fact[] {
  return gateways.map((gateway) => ({
    name: "evidence_gaps",
    labels: { gateway },
    value: lost.filter((span) => span.gateway === gateway && span.stream === "evidence" && readAt - span.toAt <= hourMs)
      .length,
    at: readAt,
  }));
}
