import { defineFault } from "../types.ts";
import { replyError } from "../reply.ts";
import { isProductionRoute, isSyncingRoute } from "../routes.ts";
import { withData } from "../json.ts";

export const elOffline = defineFault({
  kind: "el-offline",
  text: {
    short: "execution client offline",
    long: "The node says that its execution client is offline and cannot produce blocks; its head stays valid.",
  },
  start: () => ({
    answer: (exchange) =>
      isProductionRoute(exchange.path) &&
      replyError(exchange, 503, "Execution client is offline, cannot produce a block"),
    rewrite: ({ path }) =>
      isSyncingRoute(path)
        ? { change: (answer) => withData(answer, (data) => ({ ...data, el_offline: true })) }
        : undefined,
  }),
});
