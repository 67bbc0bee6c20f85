import type { Fact } from "../../alerts/fact.ts";
import { deadline } from "../../chain/deadline.ts";
import type { ChainSpec } from "../../chain/types.ts";
import type { ArrivalRecord } from "../../control/types.ts";
import type { EpochTiming } from "./types.ts";

/** When each node had imported a block, the earliest that any gateway heard, by slot, then node. */
export type ArrivalMemory = Map<number, Map<string, number>>;

const hourMs = 3_600_000;
const keptSlots = 1_024;
/** A share of fewer blocks says nothing. */
const leastBlocks = 50;

/** Takes in what nodes told of blocks, in place. */
export function noteArrivals(memory: ArrivalMemory, records: readonly ArrivalRecord[]): void {
  for (const { kind, slot, node, at } of records) {
    if (kind === "gossip") continue;
    let nodes = memory.get(slot);
    if (!nodes) {
      nodes = new Map();
      memory.set(slot, nodes);
      if (memory.size > keptSlots) memory.delete(Math.min(...memory.keys()));
    }
    nodes.set(node, Math.min(at, nodes.get(node) ?? Infinity));
  }
}

/**
 * Share of the last hour's blocks that a node imported after votes were due while another had them in time. A block that
 * came late to all was late itself, and is nobody's fault here.
 */
export function arrivalFacts(
  memory: ArrivalMemory,
  spec: ChainSpec | undefined,
  timing: EpochTiming | undefined,
  now: number,
): Fact[] {
  if (!spec || !timing) return [];
  const counts = new Map<string, { blocks: number; late: number }>();
  for (const [slot, nodes] of memory) {
    const startAt = timing.genesisTimeMs + slot * timing.slotDurationMs;
    if (now - startAt > hourMs) continue;
    const dueAt = startAt + deadline(spec, slot, "attestation");
    const wasInTime = [...nodes.values()].some((at) => at <= dueAt);
    for (const [node, at] of nodes) {
      const count = counts.get(node) ?? { blocks: 0, late: 0 };
      counts.set(node, { blocks: count.blocks + 1, late: count.late + Number(wasInTime && at > dueAt) });
    }
  }
  return [...counts].flatMap(([node, { blocks, late }]) =>
    blocks < leastBlocks ? [] : { name: "blocks_seen_late_ratio", labels: { node }, value: late / blocks, at: now },
  );
}
