import { defineSimFault } from "./types.ts";

export const syncing = defineSimFault({
  kind: "syncing",
  text: { short: "syncing", long: "The node is behind and says so: 206 on health, 503 on duties." },
  start: (fault, { sight }) => ({
    view: (view) => ({
      ...view,
      headSlotLimit: Math.max(0, sight.head.slot - (fault.distance ?? 64)),
      syncClaim: "syncing",
    }),
  }),
});
