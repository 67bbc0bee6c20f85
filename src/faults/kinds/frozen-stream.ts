import { defineFault } from "../types.ts";

export const frozenStream = defineFault({
  kind: "frozen-stream",
  text: {
    short: "event stream frozen",
    long: "Event streams open and stay open, and no event or heartbeat arrives; all other requests are answered.",
  },
  start: () => ({ event: () => undefined }),
});
