/** What is known of a block that was built for a client. */
export interface CreatorEntry {
  node: string;
  /** Tells blocks of one slot apart, blinded or full; `undefined` where it could not be read. */
  stateRoot?: string | undefined;
  isBlinded?: boolean;
  /** Gloas: was the payload handed out with the block? Otherwise only this node can reveal it. */
  isPayloadIncluded?: boolean | undefined;
}

/** Which node built the block of a slot: that one can publish what only it holds. Bounded to the last slots. */
export interface CreatorMap {
  remember(slot: string, node: string, about?: Omit<CreatorEntry, "node">): void;
  /** The builder of the block with this state root, or of the one that was built last for the slot. */
  find(slot: string, stateRoot?: string): string | undefined;
  entry(slot: string, stateRoot?: string): CreatorEntry | undefined;
  /** The block of this slot was published: its builder may go. */
  close(slot: string): void;
  /** Slots whose block this node built and that has not been published; the caller leaves out slots that have gone. */
  openLeases(node: string): readonly number[];
}

/** Several clients may ask for a block of one slot, each of another node. */
const perSlot = 8;

export function createCreatorMap(capacity = 64): CreatorMap {
  const slots = new Map<string, CreatorEntry[]>();
  const open = new Set<string>();

  function entry(slot: string, stateRoot?: string): CreatorEntry | undefined {
    const entries = slots.get(slot);
    return entries?.find((each) => stateRoot !== undefined && each.stateRoot === stateRoot) ?? entries?.at(-1);
  }

  return {
    remember(slot, node, about = {}) {
      const entries = (slots.get(slot) ?? []).filter(
        (each) => each.node !== node || each.stateRoot !== about.stateRoot,
      );
      slots.delete(slot);
      slots.set(slot, [...entries, { ...about, node }].slice(-perSlot));
      open.add(slot);
      if (slots.size <= capacity) return;
      const oldest = slots.keys().next().value as string;
      slots.delete(oldest);
      open.delete(oldest);
    },
    find: (slot, stateRoot) => entry(slot, stateRoot)?.node,
    entry,
    close: (slot) => void open.delete(slot),
    openLeases: (node) => [...open].filter((slot) => slots.get(slot)?.some((each) => each.node === node)).map(Number),
  };
}
