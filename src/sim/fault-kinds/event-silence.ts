import { defineSimFault } from "./types.ts";

export const eventSilence = defineSimFault({
  kind: "event-silence",
  text: { short: "silent event stream", long: "Event streams open and nothing arrives." },
  start: () => ({ view: (view) => ({ ...view, events: "silent" }) }),
});
