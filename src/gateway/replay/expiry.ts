import type { Network } from "../../upstream/types.ts";
import type { ReplayItem, ReplayKind } from "./replay-items.ts";

/** Kept while the network's times are not known yet. */
const unknownNetworkMs = 600_000;
/** A registration is renewed by its client every few epochs; relays keep it, so a day is long enough. */
const registrationMs = 86_400_000;

/**
 * When an item stops being true, ms since the Unix epoch. Preparations last the epoch of their submission and two more
 * (beacon-APIs, `prepareBeaconProposer`); a committee subscription ends with its slot; `until_epoch` is exclusive.
 */
export function expiresAt(kind: ReplayKind, item: ReplayItem, network: Network | undefined, now: number): number {
  if (kind === "registrations") return now + registrationMs;
  if (!network) return now + unknownNetworkMs;
  const { genesisTimeMs } = network.genesis;
  const { slotDurationMs, slotsPerEpoch } = network.spec;
  const epochMs = slotDurationMs * slotsPerEpoch;
  switch (kind) {
    case "preparations":
      return genesisTimeMs + (Math.floor(Math.max(0, now - genesisTimeMs) / epochMs) + 3) * epochMs;
    case "committee-subscriptions":
      return genesisTimeMs + ((item.slot ?? 0) + 1) * slotDurationMs;
    case "sync-subscriptions": {
      // "Until the end of time" must not outlive the two sync periods that a node can know.
      const most = now + 2 * 256 * epochMs;
      return Math.min(most, genesisTimeMs + (item.untilEpoch ?? 0) * epochMs);
    }
  }
}
