import type { Checkpoint } from "../../chain/types.ts";
import type { SimBlock } from "../chain/types.ts";
import type { NodeContext, Reply, Sight } from "./types.ts";
import { fail } from "./reply.ts";

export type Found<T> = { ok: true; value: T } | { ok: false; reply: Reply };

/** Reads a `block_id` of the Beacon API: head, genesis, finalized, justified, a slot or a root. */
export function findBlock(id: string, sight: Sight, { chain }: NodeContext): Found<SimBlock> {
  if (id === "head") return found(sight.head);
  if (id === "genesis") return chain.firstSlot === 0 ? found(chain.headAt(0)) : notFound;
  if (id === "finalized") return foundOr404(checkpointBlock(sight.state.finalized, sight, chain));
  if (id === "justified") return foundOr404(checkpointBlock(sight.state.justified, sight, chain));
  if (/^\d+$/.test(id)) {
    const slot = Number(id);
    if (slot > sight.head.slot) return notFound;
    const block = chain.ancestorAt(sight.head, slot);
    return block.slot === slot ? found(block) : notFound;
  }
  if (!/^0x[0-9a-fA-F]{64}$/.test(id)) return { ok: false, reply: fail(400, `Invalid block id: ${id.slice(0, 80)}`) };
  const block = chain.blockByRoot(id);
  return block && isKnown(block, sight, chain) ? found(block) : notFound;
}

/** The node knows its own branch, and what a reorg left behind. */
export function isKnown(block: SimBlock, sight: Sight, chain: NodeContext["chain"]): boolean {
  return isCanonical(block, sight, chain) || (block.slot <= sight.head.slot && block.branch.startsWith("left-behind-"));
}

export function isCanonical(block: SimBlock, sight: Sight, chain: NodeContext["chain"]): boolean {
  return block.slot <= sight.head.slot && chain.ancestorAt(sight.head, block.slot).root === block.root;
}

/** A state: a block's own, or carried on over empty slots. */
export interface FoundState {
  block: SimBlock;
  slot: number;
}

/** Reads a `state_id`: as a block id, and a slot without a block or a state root too. */
export function findState(id: string, sight: Sight, node: NodeContext): Found<FoundState> {
  const { chain } = node;
  if (/^\d+$/.test(id)) {
    const slot = Number(id);
    if (slot > Math.max(sight.head.slot, sight.slot) || slot < chain.firstSlot) return stateNotFound;
    if (isPruned(slot, sight, node)) return stateNotFound;
    return { ok: true, value: { block: chain.ancestorAt(sight.head, slot), slot } };
  }
  if (id.startsWith("0x")) {
    if (!/^0x[0-9a-fA-F]{64}$/.test(id)) return { ok: false, reply: fail(400, "Invalid state id") };
    for (let block: SimBlock | undefined = sight.head, looked = 0; block && looked < 256; looked++) {
      if (block.stateRoot === id.toLowerCase() && isPruned(block.slot, sight, node)) return stateNotFound;
      if (block.stateRoot === id.toLowerCase()) return { ok: true, value: { block, slot: block.slot } };
      block = chain.blockByRoot(block.parentRoot);
    }
    return stateNotFound;
  }
  const block = findBlock(id, sight, node);
  if (!block.ok) return block.reply.status === 404 ? stateNotFound : block;
  if (isPruned(block.value.slot, sight, node)) return stateNotFound;
  return { ok: true, value: { block: block.value, slot: block.value.slot } };
}

/** Does the node no longer hold states of this slot? */
export function isPruned(slot: number, { head }: Sight, { chain, quirks }: NodeContext): boolean {
  return chain.epochOf(slot) < chain.epochOf(head.slot) - quirks.keptStateEpochs;
}

/** Checkpoints before the first justification carry the anchor's root. */
function checkpointBlock(checkpoint: Checkpoint, sight: Sight, chain: NodeContext["chain"]): SimBlock | undefined {
  return chain.checkpointBlock(checkpoint) ?? chain.ancestorAt(sight.head, checkpoint.epoch * chain.slotsPerEpoch);
}

function found<T>(value: T): Found<T> {
  return { ok: true, value };
}

function foundOr404(block: SimBlock | undefined): Found<SimBlock> {
  return block ? found(block) : notFound;
}

const notFound: Found<never> = { ok: false, reply: fail(404, "Block not found") };
const stateNotFound: Found<never> = { ok: false, reply: fail(404, "State not found") };
