import { createHash } from "node:crypto";

export interface ValidatorLife {
  activationEpoch: number;
  /** `Infinity` for a validator that does not leave. */
  exitEpoch: number;
}

/** The validators of a chain: the same for the same seed, found by key without a table of a million keys. */
export interface SimValidators {
  count: number;
  life(index: number): ValidatorLife;
  activeCount(epoch: number): number;
  /** In order of index. */
  activeIndices(epoch: number): Uint32Array;
  /** 0x-prefixed, 48 bytes. Not a point of the curve: nothing here checks signatures. */
  pubkey(index: number): string;
  indexOf(pubkey: string): number | undefined;
}

const always: ValidatorLife = { activationEpoch: 0, exitEpoch: Infinity };

export function createValidators(
  seed: string,
  count: number,
  lifeOf: ((index: number) => ValidatorLife) | undefined,
): SimValidators {
  const cache = new Map<number, Uint32Array>();
  const life = lifeOf ?? (() => always);
  const everyone = lifeOf ? undefined : Uint32Array.from({ length: count }, (_, index) => index);

  function activeIndices(epoch: number): Uint32Array {
    if (everyone) return everyone;
    const known = cache.get(epoch);
    if (known) return known;
    const active = [];
    for (let index = 0; index < count; index++) {
      const { activationEpoch, exitEpoch } = life(index);
      if (activationEpoch <= epoch && epoch < exitEpoch) active.push(index);
    }
    if (cache.size >= 8) cache.delete(cache.keys().next().value ?? epoch);
    const indices = Uint32Array.from(active);
    cache.set(epoch, indices);
    return indices;
  }

  // The index sits in the last four bytes, so that a key names its validator.
  function pubkey(index: number): string {
    const hash = createHash("sha512").update(`${seed}/validator/${index}`).digest("hex");
    return `0x${hash.slice(0, 88)}${index.toString(16).padStart(8, "0")}`;
  }

  return {
    count,
    life,
    activeIndices,
    activeCount: (epoch) => activeIndices(epoch).length,
    pubkey,
    indexOf(key) {
      const index = parseInt(key.slice(-8), 16);
      return index < count && pubkey(index) === key.toLowerCase() ? index : undefined;
    },
  };
}
