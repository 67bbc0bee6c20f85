import { done, fail, failItems, syncingReply } from "../node/reply.ts";
import type { Reply, RouteCall, SimRoute } from "../node/types.ts";

/** Says what is wrong with one item of a list, or nothing. */
export type ItemCheck = (item: unknown, call: RouteCall) => string | undefined;

/**
 * A route that takes a list: good items are accepted even when others fail (beacon-APIs). SSZ bodies are accepted
 * unread.
 */
export function postItems(
  path: string,
  check: ItemCheck,
  after?: (items: readonly unknown[], call: RouteCall) => void,
): SimRoute {
  return {
    method: "POST",
    path,
    handle(call): Reply {
      if (call.sight.isSyncing && !path.includes("/pool/")) return syncingReply;
      if (call.json === undefined) return call.body.length > 0 ? done : fail(400, "Body is missing");
      if (!Array.isArray(call.json)) return fail(400, "Body must be a list");
      const items = call.json as unknown[];
      const problems = items.map((item) => check(item, call));
      const failures = problems.flatMap((message, index) => (message === undefined ? [] : [{ index, message }]));
      after?.(
        items.filter((_, index) => problems[index] === undefined),
        call,
      );
      return failures.length > 0 ? failItems(failures) : done;
    },
  };
}

/** Follows keys into parsed JSON. */
export function field(value: unknown, ...keys: readonly string[]): unknown {
  let here = value;
  for (const key of keys) {
    here = typeof here === "object" && here !== null ? (here as Record<string, unknown>)[key] : undefined;
  }
  return here;
}
