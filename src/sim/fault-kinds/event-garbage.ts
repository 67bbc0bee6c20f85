import { defineSimFault } from "./types.ts";

export const eventGarbage = defineSimFault({
  kind: "event-garbage",
  text: { short: "garbage events", long: "Event streams carry data that no event has." },
  start: () => ({ view: (view) => ({ ...view, events: "garbage" }) }),
});
