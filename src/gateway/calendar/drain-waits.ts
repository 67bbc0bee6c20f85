import { slotAt, slotStartAt, type ChainTiming } from "../../chain/slot-clock.ts";
import type { DrainWait } from "../../control/types.ts";

/** So many slots after the current one must be without a proposal of ours before a node is taken away. */
export const clearSlots = 2;

/** What is known at the moment of asking whether a node may be taken away. */
export interface DrainFacts {
  node: string;
  /** `undefined` until the network is known: then there are no slots to wait for. */
  chain: ChainTiming | undefined;
  /** Proposals of validators behind this group, next first. */
  proposals: readonly { slot: number; validatorIndex: number }[];
  /** An epoch in reach whose proposers nobody has asked for yet, and when one stops waiting for somebody to ask. */
  unknownEpoch: { epoch: number; untilAt: number } | undefined;
  /** Slots whose block this node built and that has not been published. */
  openLeases: readonly number[];
  /** Requests under way to this node. */
  inFlight: number;
  /** Other nodes that serve the group now. */
  otherReady: number;
}

/** Why the node should not be taken away now; empty: it may be. Pure: `now` is ms since the epoch. */
export function decideDrainWaits(facts: DrainFacts, now: number): DrainWait[] {
  const waits: DrainWait[] = [];
  if (facts.otherReady === 0)
    waits.push({
      kind: "last-ready-node",
      detail: `no other beacon node of the group is ready; ${facts.node} serves on until one is`,
      untilAt: undefined,
    });
  if (facts.chain) waits.push(...leaseWaits(facts, facts.chain, now), ...proposalWaits(facts, facts.chain, now));
  if (facts.inFlight > 0)
    waits.push({
      kind: "in-flight",
      detail: facts.inFlight === 1 ? "1 request to it is under way" : `${facts.inFlight} requests to it are under way`,
      untilAt: undefined,
    });
  return waits;
}

/** A block that only its maker can publish: until it is published, or its slot has gone. */
function leaseWaits({ openLeases }: DrainFacts, chain: ChainTiming, now: number): DrainWait[] {
  return openLeases
    .map((slot) => ({ slot, untilAt: slotStartAt(chain, slot + 1) }))
    .filter(({ untilAt }) => untilAt > now)
    .map(({ slot, untilAt }) => ({
      kind: "creator-lease",
      detail: `the block of slot ${slot} was built here and is not published yet`,
      untilAt,
    }));
}

function proposalWaits({ proposals, unknownEpoch }: DrainFacts, chain: ChainTiming, now: number): DrainWait[] {
  const slot = slotAt(chain, now);
  const next = proposals.find((proposal) => proposal.slot >= slot);
  if (next && next.slot <= slot + clearSlots) {
    const inS = Math.round((slotStartAt(chain, next.slot) - now) / 1000);
    const when = inS <= 0 ? "now" : `in ${inS} s`;
    const detail = `validator ${next.validatorIndex} proposes in slot ${next.slot}, ${when}`;
    return [{ kind: "proposal", detail, untilAt: slotStartAt(chain, clearFrom(proposals, slot)) }];
  }
  if (unknownEpoch && unknownEpoch.untilAt > now)
    return [
      {
        kind: "proposal",
        detail: `no validator client has asked yet who proposes in epoch ${unknownEpoch.epoch}`,
        untilAt: unknownEpoch.untilAt,
      },
    ];
  return [];
}

/** The first slot from which the window is clear, as far as proposals are known. */
function clearFrom(proposals: DrainFacts["proposals"], slot: number): number {
  let from = slot;
  for (const proposal of proposals) {
    if (proposal.slot < from) continue;
    if (proposal.slot > from + clearSlots) break;
    from = proposal.slot + 1;
  }
  return from;
}
