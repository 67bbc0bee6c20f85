import { hash } from "node:crypto";
import { maxSeedLookahead, minWithdrawabilityDelay } from "./fork-rules.ts";

export interface ValidatorLife {
  activationEpoch: number;
  /** `Infinity` for a validator that does not leave. The exit is on chain five epochs before. */
  exitEpoch: number;
  /** The first block at or after the slot slashes it; it leaves five epochs later. */
  slashed?: { slot: number; offence: "proposer" | "attester" };
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
  /** At the start of the chain, in gwei. More than 32 ETH is a compounding validator's. */
  startBalance(index: number): number;
  isCompounding(index: number): boolean;
  /** Exits and slashings that the first block of the slots after `slot` up to `until` holds. */
  operationsIn(slot: number, until: number): ValidatorOperations;
  /** The slot from which on its exit is known; `Infinity` for one that stays. */
  exitKnownFrom(index: number): number;
}

export interface ValidatorOperations {
  exits: readonly number[];
  proposerSlashed: readonly number[];
  attesterSlashed: readonly number[];
}

export interface ValidatorOptions {
  seed: string;
  count: number;
  slotsPerEpoch: number;
  life?: ((index: number) => ValidatorLife) | undefined;
  startBalance?: ((index: number) => number) | undefined;
}

const always: ValidatorLife = { activationEpoch: 0, exitEpoch: Infinity };
const none: ValidatorOperations = { exits: [], proposerSlashed: [], attesterSlashed: [] };
/** MAX_VOLUNTARY_EXITS and MAX_PROPOSER_SLASHINGS. Who exits beyond leaves without an operation, as one ejected. */
const maxOperations = 16;
const usualBalance = 32_000_000_000;

export function createValidators(options: ValidatorOptions): SimValidators {
  const { seed, count, slotsPerEpoch } = options;
  const cache = new Map<number, Uint32Array>();
  const everyone = options.life ? undefined : Uint32Array.from({ length: count }, (_, index) => index);
  const { exits, slashings } = collectOperations(options);

  function life(index: number): ValidatorLife {
    const written = options.life?.(index) ?? always;
    if (!written.slashed || leavesFirst(written, slotsPerEpoch)) return written;
    return { ...written, exitEpoch: Math.floor(written.slashed.slot / slotsPerEpoch) + 1 + maxSeedLookahead };
  }

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
    const text = hash("sha512", `${seed}/validator/${index}`, "hex");
    return `0x${text.slice(0, 88)}${index.toString(16).padStart(8, "0")}`;
  }

  const startBalance = options.startBalance ?? (() => usualBalance);
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
    startBalance,
    isCompounding: (index) => startBalance(index) > usualBalance,
    operationsIn(slot, until) {
      if (exits.size + slashings.size === 0) return none;
      const found: { exits: number[]; proposerSlashed: number[]; attesterSlashed: number[] } = {
        exits: [],
        proposerSlashed: [],
        attesterSlashed: [],
      };
      for (let at = slot + 1; at <= until; at++) {
        found.exits.push(...(exits.get(at) ?? []));
        for (const index of slashings.get(at) ?? []) {
          const isProposers = life(index).slashed?.offence === "proposer";
          const list =
            isProposers && found.proposerSlashed.length < maxOperations ? "proposerSlashed" : "attesterSlashed";
          found[list].push(index);
        }
      }
      found.attesterSlashed.sort((a, b) => a - b);
      return { ...found, exits: found.exits.slice(0, maxOperations) };
    },
    exitKnownFrom(index) {
      const own = options.life?.(index) ?? always;
      if (own.slashed && !leavesFirst(own, slotsPerEpoch)) return own.slashed.slot;
      return Math.max(0, exitSlot(own.exitEpoch, slotsPerEpoch));
    },
  };
}

/** Who asks to leave, and who is slashed, by slot. */
function collectOperations({ life, count, slotsPerEpoch }: ValidatorOptions) {
  const exits = new Map<number, number[]>();
  const slashings = new Map<number, number[]>();
  const add = (to: Map<number, number[]>, slot: number, index: number) => {
    const list = to.get(slot);
    if (list) list.push(index);
    else to.set(slot, [index]);
  };
  for (let index = 0; life && index < count; index++) {
    const own = life(index);
    if (own.slashed) add(slashings, own.slashed.slot, index);
    const asks = Number.isFinite(own.exitEpoch) && (!own.slashed || leavesFirst(own, slotsPerEpoch));
    if (asks) add(exits, exitSlot(own.exitEpoch, slotsPerEpoch), index);
  }
  return { exits, slashings };
}

/** Was its exit on chain before it was slashed? Then its exit epoch stays (`initiate_validator_exit`). */
function leavesFirst({ exitEpoch, slashed }: ValidatorLife, slotsPerEpoch: number): boolean {
  return slashed !== undefined && exitSlot(exitEpoch, slotsPerEpoch) < slashed.slot;
}

/** A request in this epoch leads to that exit epoch (`compute_activation_exit_epoch`, no queue). */
function exitSlot(exitEpoch: number, slotsPerEpoch: number): number {
  return (exitEpoch - 1 - maxSeedLookahead) * slotsPerEpoch;
}

/** The epoch from which on a validator's balance can be withdrawn. */
export function withdrawableEpoch(
  life: ValidatorLife,
  slashedEpoch: number | undefined,
  epochsPerSlashingsVector: number,
): number {
  const usual = life.exitEpoch + minWithdrawabilityDelay;
  return slashedEpoch === undefined ? usual : Math.max(usual, slashedEpoch + epochsPerSlashingsVector);
}
