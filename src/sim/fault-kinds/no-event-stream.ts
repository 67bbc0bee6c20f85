import { defineSimFault } from "./types.ts";

export const noEventStream = defineSimFault({
  kind: "no-event-stream",
  text: { short: "no event stream", long: "Event streams are refused and open ones are closed." },
  start: () => ({ view: (view) => ({ ...view, events: "refused" }) }),
});
