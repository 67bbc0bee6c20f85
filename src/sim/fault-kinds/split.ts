import { defineSimFault } from "./types.ts";

export const split = defineSimFault({
  kind: "split",
  text: {
    short: "split",
    long: "The node follows another branch for epochs: justified and finalized checkpoints differ from the others.",
  },
  start: (fault, { chain, sight }) => {
    const branch = fault.branch ?? "split";
    const fromEpoch = chain.epochOf(sight.head.slot) - (fault.epochs ?? 3);
    const fromSlot = Math.max(chain.firstSlot + 1, fromEpoch * chain.slotsPerEpoch);
    if (!chain.hasBranch(branch)) chain.addBranch({ name: branch, parent: sight.view.branch, fromSlot });
    return { view: (view) => ({ ...view, branch }) };
  },
});
