import { defineSimFault } from "./types.ts";

export const staleHead = defineSimFault({
  kind: "stale-head",
  text: { short: "stale head", long: "The head stands still while the node claims to be synced." },
  start: (fault, { sight }) => ({
    view: (view) => ({ ...view, headSlotLimit: sight.head.slot - (fault.behindSlots ?? 0), syncClaim: "synced" }),
  }),
});
