import { concerns, defineSimFault } from "./types.ts";

export const slow = defineSimFault({
  kind: "slow",
  text: { short: "slow", long: "Answers wait." },
  start: (fault) => ({
    interfere: (path) => (concerns(fault, path) ? { kind: "wait", delayMs: fault.delayMs } : { kind: "none" }),
  }),
});
