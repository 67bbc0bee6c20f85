import type { ChainSpec, Genesis } from "./types.ts";

/** What slot arithmetic needs; a `Network` is one. */
export interface ChainTiming {
  spec: Pick<ChainSpec, "slotDurationMs" | "slotsPerEpoch">;
  genesis: Pick<Genesis, "genesisTimeMs">;
}

/** The slot at `nowMs` (milliseconds since the Unix epoch). Before genesis slots are negative: -1 is the last one before it. */
export function slotAt(chain: ChainTiming, nowMs: number): number {
  return Math.floor((nowMs - chain.genesis.genesisTimeMs) / chain.spec.slotDurationMs);
}

/** When a slot starts, in milliseconds since the Unix epoch. */
export function slotStartAt(chain: ChainTiming, slot: number): number {
  return chain.genesis.genesisTimeMs + slot * chain.spec.slotDurationMs;
}

/** The epoch of a slot (consensus-specs `compute_epoch_at_slot`); negative for slots before genesis. */
export function epochAtSlot(spec: Pick<ChainSpec, "slotsPerEpoch">, slot: number): number {
  return Math.floor(slot / spec.slotsPerEpoch);
}

/** The first slot of an epoch (consensus-specs `compute_start_slot_at_epoch`). */
export function startSlotOfEpoch(spec: Pick<ChainSpec, "slotsPerEpoch">, epoch: number): number {
  return epoch * spec.slotsPerEpoch;
}

/** The epoch at `nowMs`; negative before genesis. */
export function epochAt(chain: ChainTiming, nowMs: number): number {
  return epochAtSlot(chain.spec, slotAt(chain, nowMs));
}
