/** Which node built the block of a slot: that one can publish what only it holds. Bounded to the last slots. */
export interface CreatorMap {
  remember(slot: string, node: string): void;
  find(slot: string): string | undefined;
}

export function createCreatorMap(capacity = 64): CreatorMap {
  const nodes = new Map<string, string>();
  return {
    remember(slot, node) {
      nodes.delete(slot);
      nodes.set(slot, node);
      if (nodes.size > capacity) nodes.delete(nodes.keys().next().value as string);
    },
    find: (slot) => nodes.get(slot),
  };
}
