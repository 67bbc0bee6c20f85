import { defineSimFault } from "./types.ts";

export const oldClient = defineSimFault({
  kind: "old-client",
  text: {
    short: "old client",
    long: "`node/syncing` has no el_offline and no is_optimistic, as from an older client.",
  },
  start: () => ({ view: (view) => ({ ...view, hasOldSyncingAnswer: true }) }),
});
