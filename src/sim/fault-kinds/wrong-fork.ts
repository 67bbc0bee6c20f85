import { defineSimFault } from "./types.ts";

export const wrongFork = defineSimFault({
  kind: "wrong-fork",
  text: { short: "wrong fork", long: "The node follows another branch since a few slots." },
  start: (fault, { nodeName, chain, sight }) => {
    const branch = fault.branch ?? `fork-of-${nodeName}-${sight.head.slot}`;
    const fromSlot = Math.max(chain.firstSlot + 1, sight.head.slot + 1 - (fault.depthSlots ?? 1));
    if (!chain.hasBranch(branch)) chain.addBranch({ name: branch, parent: sight.view.branch, fromSlot });
    return { view: (view) => ({ ...view, branch }) };
  },
});
