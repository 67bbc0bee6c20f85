import type { DutiesNow } from "../../api/contract-duties.ts";
import { epochAtSlot, slotAt } from "../../chain/slot-clock.ts";
import type { DutyRetention } from "../../duties/ports.ts";
import type { FollowState } from "../../duties/follow/follow-duties.ts";
import type { ChainNetwork } from "./read-network.ts";

/** What the page opens with. Before a node told the network, only why. */
export function showNow(facts: {
  at: number;
  isEnabled: boolean;
  network: ChainNetwork | undefined;
  follow: FollowState | undefined;
  /** Why nothing is followed yet. */
  waitsFor: string;
  watched: number;
  retention: DutyRetention;
}): DutiesNow {
  const { at, isEnabled, network, follow, watched, retention } = facts;
  const currentSlot = network && slotAt(network.timing, at);
  return {
    at,
    state: !isEnabled ? "off" : (follow?.kind ?? "starting"),
    sentence: !isEnabled ? offSentence : sentenceOf(follow, facts.waitsFor),
    currentSlot,
    currentEpoch: currentSlot === undefined ? undefined : epochAtSlot(network!.timing.spec, currentSlot),
    slotsPerEpoch: network?.spec.slotsPerEpoch ?? 0,
    slotDurationMs: network?.timing.spec.slotDurationMs ?? 0,
    genesisTimeMs: network?.timing.genesis.genesisTimeMs ?? 0,
    watched,
    network: follow?.network,
    provisionalEpoch: known(follow?.cursor?.provisionalEpoch),
    finalEpoch: known(follow?.cursor?.finalEpoch),
    finalizedEpoch: follow?.finalizedEpoch,
    live: follow?.live ?? [],
    retention,
    cost: follow?.cost,
  };
}

const offSentence =
  "No validator is configured, so no duty is judged. List yours under validators in slotkeeper.yaml; see docs/validators.md.";

function sentenceOf(follow: FollowState | undefined, waitsFor: string): string {
  switch (follow?.kind) {
    case undefined:
    case "starting":
      return `Duties are not judged yet: ${follow?.detail || waitsFor}.`;
    case "following":
      return "Every duty is judged as the chain goes on.";
    case "behind":
      return `Judging is behind the chain: ${follow.detail}.`;
    case "stalled":
      return `Duties cannot be judged now: ${follow.detail}. What is shown is as old as its epoch says.`;
  }
}

/** Before the first epoch a cursor stands at -1. */
function known(epoch: number | undefined): number | undefined {
  return epoch === undefined || epoch < 0 ? undefined : epoch;
}
