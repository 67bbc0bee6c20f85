import { defineFault } from "../types.ts";
import { replyEmpty, replyError } from "../reply.ts";
import { isDutyRoute, isHealthRoute, isSyncingRoute } from "../routes.ts";
import { withData } from "../json.ts";

export const notReady206 = defineFault({
  kind: "not-ready-206",
  text: {
    short: "syncing, 206",
    long: "The node says that it is syncing: health answers 206, duties and production answer 503, all else as before.",
  },
  start: (fault) => ({
    answer({ req, res, path, query }) {
      if (isHealthRoute(path)) {
        const wanted = Number(query.get("syncing_status") ?? "206");
        return replyEmpty(res, Number.isInteger(wanted) && wanted >= 200 && wanted < 600 ? wanted : 206);
      }
      if (isDutyRoute(path))
        return replyError({ req, res }, 503, "Beacon node is currently syncing and not serving requests");
      return false;
    },
    rewrite({ path }) {
      if (!isSyncingRoute(path)) return undefined;
      const distance = fault.syncDistance ?? 64;
      return {
        change: (answer) =>
          withData(answer, (data) => ({
            ...data,
            head_slot: String(Math.max(0, Number(data["head_slot"] ?? 0) - distance)),
            sync_distance: String(distance),
            is_syncing: true,
          })),
      };
    },
  }),
});
