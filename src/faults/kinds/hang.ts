import { defineFault } from "../types.ts";

export const hang = defineFault({
  kind: "hang",
  text: {
    short: "hang",
    long: "Connections are accepted and stay open, and nothing is ever answered, as when the node's process is stopped. What waits is let through when the fault ends.",
  },
  start: () => ({ isHanging: true }),
});
