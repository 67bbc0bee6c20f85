import { cloneLedger, type Ledger, type Settlement } from "./ledger.ts";
import type { SimBlock } from "./types.ts";

/** The states of a chain's blocks: the last one at hand, some kept, all others made again from a kept one. */
export interface Ledgers {
  /** After the block. Valid until the next call; do not change it. */
  after(block: SimBlock): Ledger;
  /** After the block, carried on over empty slots to the start of a later epoch. */
  atEpoch(block: SimBlock, epoch: number): Ledger;
  /** Makes the state of a new block out of its parent's; `apply` changes what it is given. */
  extend<T>(
    parent: SimBlock,
    epoch: number,
    apply: (ledger: Ledger) => T,
  ): { value: T; ledger: Ledger; keep: (root: string) => void };
  /** What the attestations of `epoch` earned on the chain that ends in `last`, a block of at most epoch + 1. */
  settlement(last: SimBlock, epoch: number): Settlement;
}

export interface LedgersFacts {
  anchor: () => SimBlock;
  first: () => Ledger;
  validators: number;
  epochOf: (slot: number) => number;
  parentOf: (block: SimBlock) => SimBlock | undefined;
  /** Applies a block that was made before, once more. */
  replay: (ledger: Ledger, block: SimBlock) => void;
  /** Ends the ledger's epoch on the chain that ends in `last`. */
  endEpoch: (ledger: Ledger, last: SimBlock) => Settlement;
}

/** A ledger of a million validators takes some 16 MB. */
const keptBytes = 96 * 1024 * 1024;
const bytesPerValidator = 16;

export function createLedgers(facts: LedgersFacts): Ledgers {
  const capacity = Math.max(4, Math.min(4096, Math.floor(keptBytes / (bytesPerValidator * facts.validators))));
  const kept = new Map<string, Ledger>();
  const settled = new Map<string, Settlement>();
  /** The state that new blocks build on, changed in place. */
  let working: { root: string; ledger: Ledger } | undefined;

  function keepIn<T>(map: Map<string, T>, key: string, value: T, limit: number): void {
    map.delete(key);
    if (map.size >= limit) map.delete(map.keys().next().value ?? key);
    map.set(key, value);
  }

  function carryOn(ledger: Ledger, epoch: number, last: SimBlock): void {
    while (ledger.epoch < epoch) {
      const key = `${ledger.epoch}/${last.root}`;
      keepIn(settled, key, facts.endEpoch(ledger, last), Math.max(4, capacity));
    }
  }

  function after(block: SimBlock): Ledger {
    if (working?.root === block.root) return working.ledger;
    const known = kept.get(block.root);
    if (known) return known;
    const made = rebuild(block);
    keepIn(kept, block.root, made, capacity);
    return made;
  }

  /** Goes back to what is kept, and forward again. */
  function rebuild(block: SimBlock): Ledger {
    const forward: SimBlock[] = [];
    let at: SimBlock = block;
    let ledger: Ledger | undefined;
    for (;;) {
      if (at.root === facts.anchor().root) ledger = facts.first();
      else if (working?.root === at.root) ledger = cloneLedger(working.ledger);
      else if (kept.has(at.root)) ledger = cloneLedger(kept.get(at.root) as Ledger);
      if (ledger) break;
      forward.push(at);
      const parent: SimBlock | undefined = facts.parentOf(at);
      if (!parent)
        throw new TypeError(`rebuild the state of block ${block.root}: its ancestor ${at.root} has no parent`);
      const start = kept.get(`${facts.epochOf(at.slot)}/${parent.root}`);
      at = parent;
      if (start) {
        ledger = cloneLedger(start);
        break;
      }
    }
    for (const next of forward.reverse()) {
      moveTo(ledger, facts.epochOf(next.slot), at);
      facts.replay(ledger, next);
      at = next;
    }
    return ledger;
  }

  /** Carries on and keeps the state at the start of the epoch, from where others are made. */
  function moveTo(ledger: Ledger, epoch: number, last: SimBlock): void {
    if (ledger.epoch >= epoch) return;
    carryOn(ledger, epoch, last);
    keepIn(kept, `${epoch}/${last.root}`, cloneLedger(ledger), capacity);
  }

  function atEpoch(block: SimBlock, epoch: number): Ledger {
    if (facts.epochOf(block.slot) >= epoch) return after(block);
    const key = `${epoch}/${block.root}`;
    const known = kept.get(key);
    if (known) return known;
    let from: Ledger | undefined;
    for (let earlier = epoch - 1; earlier > facts.epochOf(block.slot) && !from; earlier--) {
      from = kept.get(`${earlier}/${block.root}`);
    }
    const ledger = cloneLedger(from ?? after(block));
    carryOn(ledger, epoch, block);
    keepIn(kept, key, ledger, capacity);
    return ledger;
  }

  return {
    after,
    atEpoch,
    extend(parent, epoch, apply) {
      const start = kept.get(`${epoch}/${parent.root}`);
      let ledger: Ledger;
      if (start) ledger = cloneLedger(start);
      else if (working?.root === parent.root) ledger = working.ledger;
      else ledger = cloneLedger(after(parent));
      // From here on the working state is no block's until the new one has its root.
      working = undefined;
      moveTo(ledger, epoch, parent);
      const value = apply(ledger);
      return { value, ledger, keep: (root) => (working = { root, ledger }) };
    },
    settlement(last, epoch) {
      const key = `${epoch + 1}/${last.root}`;
      const known = settled.get(key);
      if (known) return known;
      const ledger = cloneLedger(atEpoch(last, epoch + 1));
      const made = facts.endEpoch(ledger, last);
      keepIn(settled, key, made, Math.max(4, capacity));
      return made;
    },
  };
}
