import type { GatewayView, Snapshot } from "../../../src/api/contract.ts";

/** Older than this, data is shown as what was last known, never as what is. */
export const staleAfterMs = 10_000;

export type Freshness = { kind: "fresh" } | { kind: "stale"; ageMs: number; because: string };

const fresh: Freshness = { kind: "fresh" };

/** How far the whole page can be believed. `serverNow` is the server's clock, so that a wrong local clock does not age data. */
export function snapshotFreshness(snapshot: Snapshot, serverNow: number): Freshness {
  const ageMs = serverNow - snapshot.at;
  return ageMs > staleAfterMs ? { kind: "stale", ageMs, because: "no newer data has arrived" } : fresh;
}

/** How far one gateway's nodes can be believed: a gateway that does not answer tells nothing about its nodes. */
export function gatewayFreshness(view: GatewayView, snapshot: Snapshot, serverNow: number): Freshness {
  const page = snapshotFreshness(snapshot, serverNow);
  if (page.kind === "stale") return page;
  const ageMs = view.lastContactAt === undefined ? Infinity : serverNow - view.lastContactAt;
  if (!view.isReachable) return { kind: "stale", ageMs, because: view.error ?? "it does not answer" };
  return ageMs > staleAfterMs ? { kind: "stale", ageMs, because: "it has not been heard from" } : fresh;
}
