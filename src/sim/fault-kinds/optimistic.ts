import { defineSimFault } from "./types.ts";

export const optimistic = defineSimFault({
  kind: "optimistic",
  text: { short: "optimistic", long: "The execution client has not verified the head." },
  start: () => ({ view: (view) => ({ ...view, isOptimistic: true }) }),
});
