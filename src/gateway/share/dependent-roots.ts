/** Which block decided the duties of an epoch, as the head events of the view say it. */
export interface DependentRoots {
  onHeadEvent(data: string, slotsPerEpoch: number): void;
  /**
   * Root of the last block before the epoch, on the branch of this head; `undefined` where no head event told. Known for
   * the head's own epoch and the one before.
   */
  rootBefore(epoch: number, headRoot: string | undefined): string | undefined;
}

interface HeadRoots {
  epoch: number;
  /** Root before the epoch that comes before the head's, and before the head's own. */
  previous: string;
  current: string;
}

/** Remembers what the head events of the last `capacity` blocks said, of every node: which head counts, the view decides. */
export function createDependentRoots(capacity = 64): DependentRoots {
  const heads = new Map<string, HeadRoots>();
  return {
    onHeadEvent(data, slotsPerEpoch) {
      const read = readHeadEvent(data);
      if (!read || heads.has(read.root)) return;
      const { root, slot, previous, current } = read;
      heads.set(root, { epoch: Math.floor(slot / slotsPerEpoch), previous, current });
      if (heads.size > capacity) heads.delete(heads.keys().next().value as string);
    },
    rootBefore(epoch, headRoot) {
      const roots = headRoot === undefined ? undefined : heads.get(headRoot);
      if (!roots) return undefined;
      if (epoch === roots.epoch) return roots.current;
      return epoch === roots.epoch - 1 ? roots.previous : undefined;
    },
  };
}

function readHeadEvent(data: string): { root: string; slot: number; previous: string; current: string } | undefined {
  try {
    const parsed = JSON.parse(data) as Record<string, unknown>;
    const inner = (parsed["data"] ?? parsed) as Record<string, unknown>;
    const root = inner["block"] ?? inner["block_root"];
    const previous = inner["previous_duty_dependent_root"];
    const current = inner["current_duty_dependent_root"];
    const slot = Number(inner["slot"]);
    if (typeof root !== "string" || typeof previous !== "string" || typeof current !== "string") return undefined;
    if (!Number.isSafeInteger(slot)) return undefined;
    return { root: root.toLowerCase(), slot, previous: previous.toLowerCase(), current: current.toLowerCase() };
  } catch {
    return undefined;
  }
}
