import { slotAt, startSlotOfEpoch } from "../chain/slot-clock.ts";
import { majorityOf, timingFor } from "./chain-view.ts";
import { valueOf, type Evidence, type NodeEvidence } from "./evidence.ts";

/** Deep enough that honest nodes do not differ by a late block, shallow enough that nearly all have the slot. */
const depths = [2, 4] as const;
/** A node further from the clock than this is not asked to agree on a slot: the others would have to wait for it. */
const farSlots = 64;

/**
 * Past slots at which every server that follows the chain has an opinion: shortly before the oldest of their heads, an
 * epoch before it, and the start of the finalized epoch (some references serve nothing newer). Newest first.
 */
export function agreedSlots(evidence: Pick<Evidence, "nodes" | "references" | "now">): number[] {
  const all = [...evidence.nodes, ...evidence.references];
  const heads = all.map(headOf).filter((head) => head !== undefined);
  const first = all[0];
  if (heads.length < 2 || !first) return [];
  const timing = timingFor(first, { ...evidence, validatorClients: [], hosts: [], logs: [], expectKeys: undefined });
  const wallSlot = timing && slotAt(timing, evidence.now);
  const nearClock = heads.filter((head) => wallSlot !== undefined && Math.abs(wallSlot - head) <= farSlots);
  // A stalled network, or a clock of ours that is off: then the nodes' own middle is the measure.
  const middle = [...heads].sort((a, b) => a - b)[Math.floor(heads.length / 2)] ?? 0;
  const near = nearClock.length >= 2 ? nearClock : heads.filter((head) => Math.abs(middle - head) <= farSlots);
  const oldest = Math.min(...near);
  const slotsPerEpoch = timing?.spec.slotsPerEpoch ?? 32;
  const finalized = majorityOf(all.flatMap((node) => valueOf(node.finality)?.finalized.epoch ?? []))?.value;
  const candidates = [...depths.map((depth) => oldest - depth), oldest - slotsPerEpoch];
  if (finalized !== undefined) candidates.push(startSlotOfEpoch({ slotsPerEpoch }, finalized));
  const past = candidates.filter((slot) => slot >= 0 && slot <= oldest);
  return [...new Set(past)].sort((a, b) => b - a);
}

export function headOf(node: NodeEvidence): number | undefined {
  return valueOf(node.head)?.slot ?? valueOf(node.syncing)?.headSlot;
}
