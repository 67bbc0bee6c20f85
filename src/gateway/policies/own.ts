import type { UpstreamStatus, View } from "../../upstream/types.ts";

/** `GET /eth/v1/node/health`: 200 serving, 206 degraded reads only, 503 nobody to answer; `syncing_status` replaces 206. */
export function healthStatus(view: View, syncingStatus = 206): number {
  if (view.kind === "split") return 503;
  if (view.ready.length > 0) return 200;
  return view.fallback.length > 0 ? syncingStatus : 503;
}

/** The `syncing_status` parameter: 100 to 599, `undefined` where absent, `null` where it is not valid. */
export function readSyncingStatus(target: string): number | undefined | null {
  const value = new URLSearchParams(target.slice(target.indexOf("?") + 1)).get("syncing_status");
  if (!target.includes("?") || value === null) return undefined;
  const status = Number(value);
  return /^[0-9]{3}$/.test(value) && status >= 100 && status <= 599 ? status : null;
}

/** Body of `GET /eth/v1/node/syncing` for the group; every number is a string, as the Beacon API says. */
export function syncingData(
  view: View,
  statuses: readonly UpstreamStatus[],
  slot: number | undefined,
): Record<string, unknown> {
  const best = view.ready[0] ?? view.fallback[0];
  const status = statuses.find((one) => one.node === best);
  const headSlot = view.head?.slot ?? status?.head?.slot ?? 0;
  const isReady = view.ready.length > 0 && view.kind !== "split";
  const lag = slot === undefined ? 0 : Math.max(0, slot - headSlot);
  return {
    head_slot: String(headSlot),
    // A ready node's own figure counts skipped slots as the specification wants; the clock's lag would not.
    sync_distance: String(isReady ? (status?.syncDistance ?? 0) : lag),
    is_syncing: isReady ? false : (status?.isSyncing ?? true),
    is_optimistic: isReady ? false : (status?.isOptimistic ?? true),
    el_offline: isReady ? false : (status?.elOffline ?? false),
  };
}
