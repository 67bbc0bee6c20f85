import type { SlotOutcome } from "./types.ts";

/** What one slot of the running epoch looks like so far. */
export interface LiveSlot {
  slot: number;
  /** `awaited`: it has not passed yet. */
  block: SlotOutcome["block"] | "awaited";
  assigned: number;
  included: number;
  ownAssigned: number;
  ownIncluded: number;
}
