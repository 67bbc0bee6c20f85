import { defineFault } from "../types.ts";

export const reset = defineFault({
  kind: "reset",
  text: {
    short: "reset",
    long: "Connections are accepted and then reset (TCP RST) in the middle of a request or of its answer.",
  },
  start: (fault) => ({ openSockets: "reset", resetAfterBytes: fault.at === "body" ? 16 : -1 }),
});
