import { defineSimFault } from "./types.ts";

export const clockOff = defineSimFault({
  kind: "clock-off",
  text: {
    short: "clock off",
    long: "The node's clock is wrong: its slot, its Date header, and, when it is behind, its head.",
  },
  start: (fault) => ({
    view: (view) => ({ ...view, clockOffsetMs: fault.offsetMs ?? 3_600_000 }),
  }),
});
