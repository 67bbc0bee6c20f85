import { isKnown } from "../node/block-ids.ts";
import { done, fail } from "../node/reply.ts";
import type { Reply, RouteCall, SimRoute } from "../node/types.ts";
import { field } from "./items.ts";

/** Blocks are checked and remembered; the simulated chain goes on as its seed says. */
export const publishingRoutes: readonly SimRoute[] = ["v1", "v2"].flatMap((version) =>
  ["blocks", "blinded_blocks"].map((kind): SimRoute => ({
    method: "POST",
    path: `/eth/${version}/beacon/${kind}`,
    handle: (call) => publish(call, version === "v2"),
  })),
);

function publish(call: RouteCall, needsVersion: boolean): Reply {
  if (needsVersion && call.headers["eth-consensus-version"] === undefined) {
    return fail(400, "Header Eth-Consensus-Version is missing");
  }
  if (call.sight.isSyncing) return fail(503, "Beacon node is currently syncing and not serving requests");
  if (call.json === undefined) return call.body.length > 0 ? done : fail(400, "Body is missing");
  const message = field(call.json, "signed_block", "message") ?? field(call.json, "message");
  const slot = Number(field(message, "slot"));
  const parentRoot = field(message, "parent_root");
  if (!Number.isInteger(slot) || typeof parentRoot !== "string") return fail(400, "Malformed block");
  if (slot > call.sight.slot + 1) return fail(400, `Block slot ${slot} is in the future`);
  const parent = call.node.chain.blockByRoot(parentRoot);
  // Broadcast and not integrated: beacon-APIs answers 202.
  return parent && isKnown(parent, call.sight, call.node.chain) ? done : { status: 202 };
}
