import type { DutiesNow } from "../../../src/api/contract-duties.ts";
import type { Freshness } from "./freshness.ts";
import type { Tone } from "./shown-state.ts";

/** Duties are told at least each slot; a few slots of silence are a fault of ours. */
const silentSlots = 5;
const leastSilentMs = 60_000;

export function dutiesFreshness(duties: DutiesNow, serverNow: number): Freshness {
  const ageMs = serverNow - duties.at;
  const limitMs = Math.max(leastSilentMs, silentSlots * duties.slotDurationMs);
  return ageMs > limitMs ? { kind: "stale", ageMs, because: "no newer data has arrived" } : { kind: "fresh" };
}

const tones: Readonly<Record<DutiesNow["state"], Tone>> = {
  off: "aside",
  starting: "wait",
  following: "fine",
  behind: "warn",
  stalled: "bad",
};

export const dutiesTone = (duties: DutiesNow, isStale: boolean): Tone =>
  isStale || !Object.hasOwn(tones, duties.state) ? "unknown" : tones[duties.state];

/** Epochs from finalized to now: two is usual; past four the inactivity leak begins (MIN_EPOCHS_TO_INACTIVITY_PENALTY). */
export function finalityWords({ finalizedEpoch, currentEpoch }: DutiesNow): {
  distance: number | undefined;
  tone: "warn" | "bad" | undefined;
} {
  if (finalizedEpoch === undefined || currentEpoch === undefined) return { distance: undefined, tone: undefined };
  const distance = currentEpoch - finalizedEpoch;
  return { distance, tone: distance > 5 ? "bad" : distance > 3 ? "warn" : undefined };
}
