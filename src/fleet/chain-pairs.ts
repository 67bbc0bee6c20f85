import { maxValidatorIndex } from "./validator-key.ts";

/** What the chain says of keys and indices: whoever has one of them gets the other. */
export interface ChainPairs {
  indexOf(pubkey: string): number | undefined;
  pubkeyOf(index: number): string | undefined;
}

/** Pairs that were learnt. The chain never gives an index another key, so a later word only corrects an earlier one. */
export class LearntPairs implements ChainPairs {
  readonly #indexByKey = new Map<string, number>();
  readonly #keyByIndex = new Map<number, string>();

  indexOf(pubkey: string): number | undefined {
    return this.#indexByKey.get(pubkey);
  }

  pubkeyOf(index: number): string | undefined {
    return this.#keyByIndex.get(index);
  }

  /** True when it was new. `pubkey` in lower case. */
  add(pubkey: string, index: number): boolean {
    if (!Number.isInteger(index) || index < 0 || index > maxValidatorIndex) return false;
    if (this.#indexByKey.get(pubkey) === index) return false;
    const [oldIndex, oldKey] = [this.#indexByKey.get(pubkey), this.#keyByIndex.get(index)];
    if (oldIndex !== undefined) this.#keyByIndex.delete(oldIndex);
    if (oldKey !== undefined) this.#indexByKey.delete(oldKey);
    this.#indexByKey.set(pubkey, index);
    this.#keyByIndex.set(index, pubkey);
    return true;
  }

  /** Forgets whoever is not asked for, so that memory follows the inventory and not the chain. */
  keepOnly(isWanted: (pubkey: string, index: number) => boolean): void {
    for (const [pubkey, index] of this.#indexByKey) {
      if (isWanted(pubkey, index)) continue;
      this.#indexByKey.delete(pubkey);
      this.#keyByIndex.delete(index);
    }
  }
}

export const noPairs: ChainPairs = { indexOf: () => undefined, pubkeyOf: () => undefined };
