import type { BlockFacts, SlotOutcome } from "../types.ts";
import type { JudgeInput } from "./judge-input.ts";
import { isForkFrom, isParentFull } from "./judge-vote.ts";

/** What became of each slot of the epoch that is over: in state `live` up to the newest block. */
export function slotOutcomes(input: JudgeInput, caveats: string[]): SlotOutcome[] {
  const { spec, epoch, ledger, chain } = input;
  const firstSlot = epoch * spec.slotsPerEpoch;
  const endSlot = firstSlot + spec.slotsPerEpoch;
  const lastSlot = input.state === "live" ? Math.min(endSlot - 1, chain.head?.slot ?? -1) : endSlot - 1;
  const blockAt = new Map(input.blocks.map((block, place) => [block.slot, place]));
  if (input.proposers === undefined) caveats.push("proposers-unknown");

  const outcomes: SlotOutcome[] = [];
  for (let slot = firstSlot; slot <= lastSlot; slot += 1) {
    const { assigned, included, timelyHead } = ledger.slotCounts(slot);
    const counts = { assigned, included, timelyHead };
    const place = blockAt.get(slot);
    const block = place === undefined ? undefined : input.blocks[place];
    // Nobody proposed genesis: its block is there, and no validator answers for it.
    if (slot === 0) {
      outcomes.push({ slot, proposerIndex: undefined, block: "proposed", root: chain.rootAt(0), ...counts });
      continue;
    }
    if (block !== undefined) {
      const isFull = isPayloadFull(block, input.blocks[place! + 1]);
      if (isFull === undefined) caveats.push("gloas-payload-unknown");
      outcomes.push({
        slot,
        proposerIndex: block.proposerIndex,
        block: isFull === false ? "empty-payload" : "proposed",
        root: block.root,
        ...counts,
      });
      continue;
    }
    const proposer = input.proposers?.[slot - firstSlot];
    const orphan = input.orphans.find((seen) => seen.slot === slot);
    outcomes.push({
      slot,
      proposerIndex: proposer ?? orphan?.proposerIndex,
      block: orphan === undefined ? "missed" : "orphaned",
      root: orphan?.root,
      ...counts,
    });
  }
  return outcomes;
}

/** Told by the next canonical block (EIP-7732); as long as there is none, nothing speaks against the payload. */
function isPayloadFull(block: BlockFacts, next: BlockFacts | undefined): boolean | undefined {
  if (!isForkFrom(block.fork, "gloas") || next === undefined) return true;
  return isParentFull(next, block);
}
