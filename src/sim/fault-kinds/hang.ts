import { concerns, defineSimFault } from "./types.ts";

export const hang = defineSimFault({
  kind: "hang",
  text: { short: "hang", long: "Connections are accepted and nothing is answered." },
  start: (fault) => ({
    view: (view) => (fault.path === undefined ? { ...view, events: "silent" } : view),
    interfere: (path) => (concerns(fault, path) ? { kind: "hang" } : { kind: "none" }),
  }),
});
