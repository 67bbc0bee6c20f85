import { defineSimFault } from "./types.ts";

export const wrongNetwork = defineSimFault({
  kind: "wrong-network",
  text: { short: "wrong network", long: "Genesis root and fork versions are those of another network." },
  start: () => ({ view: (view) => ({ ...view, network: "another network" }) }),
});
