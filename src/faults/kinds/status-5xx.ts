import { defineFault } from "../types.ts";
import { replyError } from "../reply.ts";

export const status5xx = defineFault({
  kind: "status-5xx",
  text: { short: "5xx", long: "Every request, event streams too, is answered with a server error." },
  start: (fault) => ({
    openSockets: "cut-streams",
    answer: (exchange) => replyError(exchange, fault.status ?? 500, "Internal server error (injected)"),
  }),
});
