import { defineSimFault } from "./types.ts";

export const peersZero = defineSimFault({
  kind: "peers-zero",
  text: { short: "no peers", long: "The node has no peers and, after what it already knows, hears nothing." },
  start: () => ({ view: (view) => ({ ...view, peers: 0 }) }),
});
