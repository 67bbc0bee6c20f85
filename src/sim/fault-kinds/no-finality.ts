import { defineSimFault } from "./types.ts";

export const noFinality = defineSimFault({
  kind: "no-finality",
  text: { short: "no finality", long: "The chain goes on and its finality stands still." },
  start: (_fault, { sight }) => ({ view: (view) => ({ ...view, frozenFinality: sight.state }) }),
});
