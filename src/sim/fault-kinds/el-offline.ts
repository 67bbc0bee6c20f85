import { defineSimFault } from "./types.ts";

export const elOffline = defineSimFault({
  kind: "el-offline",
  text: { short: "execution client offline", long: "The execution client does not answer the node." },
  start: () => ({ view: (view) => ({ ...view, elOffline: true }) }),
});
