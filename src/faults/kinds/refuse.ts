import { defineFault } from "../types.ts";

export const refuse = defineFault({
  kind: "refuse",
  text: {
    short: "refused",
    long: "The port is closed: new connections are refused and open ones are cut, as when the node's process is gone.",
  },
  start: () => ({ isListening: false, openSockets: "cut" }),
});
