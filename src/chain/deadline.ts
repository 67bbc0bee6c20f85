import { isGloas } from "./fork-at.ts";
import { epochAtSlot } from "./slot-clock.ts";
import type { ChainSpec, DeadlinesBps } from "./types.ts";

const basisPoints = 10_000;

/**
 * When a duty of a slot is due, in milliseconds after the slot's start (consensus-specs `get_slot_component_duration_ms`
 * rounds down, and so does this).
 */
export function deadline(spec: ChainSpec, slot: number, duty: keyof DeadlinesBps): number {
  const deadlines = isGloas(spec, epochAtSlot(spec, slot)) ? spec.deadlinesGloas : spec.deadlines;
  return Math.floor((deadlines[duty] * spec.slotDurationMs) / basisPoints);
}
