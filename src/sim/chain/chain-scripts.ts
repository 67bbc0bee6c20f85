import type { SimChain, SimChainOptions } from "./types.ts";

/** Options of a chain of which too few attest for finality, from `fromEpoch` on for so many epochs (default 100). */
export function withoutFinality(
  fromEpoch: number,
  epochs = 100,
  share = 0.6,
): Required<Pick<SimChainOptions, "participation">> {
  return { participation: (epoch) => (epoch >= fromEpoch && epoch < fromEpoch + epochs ? share : 1) };
}

/**
 * Writes reorgs of depth 1, 2, 3, 1 … into the future of the main branch, one every `everySlots` (at least 5); returns
 * the slots whose blocks leave others behind. Throws AppError for slots that were looked at already.
 */
export function addReorgs(
  chain: SimChain,
  { fromSlot, toSlot, everySlots }: { fromSlot: number; toSlot: number; everySlots: number },
): readonly number[] {
  const written: number[] = [];
  for (let slot = fromSlot + 3, depth = 1; slot <= toSlot; slot += Math.max(5, everySlots), depth = (depth % 3) + 1) {
    chain.addReorg({ slot, depth });
    written.push(slot);
  }
  return written;
}

/**
 * A fork that goes on for ever beside the main branch, with the votes of so great a share of all validators. A node
 * follows it as a whole when it is started with `branch: name`.
 */
export function addFork(chain: SimChain, name: string, fromSlot: number, share: number): void {
  chain.addBranch({ name, fromSlot, participation: (epoch) => (epoch < chain.epochOf(fromSlot) ? 1 : share) });
}
