import { setTimeout as sleep } from "node:timers/promises";
import { getJson } from "./beacon-api.ts";
import { DevnetError } from "./devnet-error.ts";
import type { Devnet, WaitOptions } from "./devnet-types.ts";

/** `/eth/v1/node/syncing`; numbers as numbers. */
export type SyncState = { headSlot: number; syncDistance: number; isSyncing: boolean; isOptimistic: boolean };

type HasUrl = { readonly url: string };
type HasClock = Pick<Devnet, "currentSlot" | "slotStartMs" | "slotDurationMs">;

/** Asks `check` every `everyMs` until it answers something else than null. `check` may throw: the last error is the cause. */
export async function waitUntil<T>(
  what: string,
  check: (signal: AbortSignal) => Promise<T | null> | T | null,
  { signal, timeoutMs = 60_000, everyMs = 200 }: WaitOptions & { everyMs?: number } = {},
): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  let lastError: unknown;
  while (!either.aborted) {
    try {
      const result = await check(either);
      if (result !== null) return result;
    } catch (error) {
      if (error instanceof DevnetError && error.code === "client-ended") throw error;
      lastError = error;
    }
    await sleep(everyMs, undefined, { signal: either }).catch(() => undefined);
  }
  signal?.throwIfAborted();
  throw new DevnetError(
    "timeout",
    `Wait for ${what}: not so after ${timeoutMs} ms; read the logs in the run folder`,
    lastError,
  );
}

export async function readSyncState(node: HasUrl, signal?: AbortSignal): Promise<SyncState> {
  type Answer = { data: { head_slot: string; sync_distance: string; is_syncing: boolean; is_optimistic?: boolean } };
  const { data } = await getJson<Answer>(node.url, "/eth/v1/node/syncing", { signal, timeoutMs: 1_500 });
  return {
    headSlot: Number(data.head_slot),
    syncDistance: Number(data.sync_distance),
    isSyncing: data.is_syncing,
    isOptimistic: data.is_optimistic ?? false,
  };
}

/** Waits until the node is neither syncing nor optimistic and its head is at most one slot behind the clock. */
export function waitForSynced(devnet: HasClock, node: HasUrl, options?: WaitOptions): Promise<SyncState> {
  return waitUntil(
    `${node.url} to be synced`,
    async (signal) => {
      const state = await readSyncState(node, signal);
      const isBehind = state.headSlot < devnet.currentSlot() - 1;
      return state.isSyncing || state.isOptimistic || isBehind ? null : state;
    },
    options,
  );
}

/** Waits for a sync state that the caller describes, such as `(state) => state.isOptimistic`. */
export function waitForSyncState(
  node: HasUrl,
  isWanted: (state: SyncState) => boolean,
  options?: WaitOptions,
): Promise<SyncState> {
  return waitUntil(
    `the wanted sync state of ${node.url}`,
    async (signal) => {
      const state = await readSyncState(node, signal);
      return isWanted(state) ? state : null;
    },
    options,
  );
}

/** Waits for the wall clock to reach the start of `slot`, plus `offsetMs`. */
export async function waitForSlot(
  devnet: HasClock,
  slot: number,
  { signal, offsetMs = 0 }: { signal?: AbortSignal; offsetMs?: number } = {},
): Promise<void> {
  const ms = devnet.slotStartMs(slot) + offsetMs - Date.now();
  if (ms > 0) await sleep(ms, undefined, signal === undefined ? {} : { signal });
}

/** Waits until the node's head block is of `slot` or later. */
export function waitForHeadSlot(node: HasUrl, slot: number, options?: WaitOptions): Promise<SyncState> {
  return waitForSyncState(node, (state) => state.headSlot >= slot, options);
}

export async function readFinalizedEpoch(node: HasUrl, signal?: AbortSignal): Promise<number> {
  type Answer = { data: { finalized: { epoch: string } } };
  const path = "/eth/v1/beacon/states/head/finality_checkpoints";
  return Number((await getJson<Answer>(node.url, path, { signal, timeoutMs: 1_500 })).data.finalized.epoch);
}

/** Waits until the node's finalized epoch is `epoch` or later; a healthy devnet finalizes epoch 2 in epoch 4. */
export function waitForFinalizedEpoch(node: HasUrl, epoch: number, options?: WaitOptions): Promise<number> {
  return waitUntil(
    `${node.url} to finalize epoch ${epoch}`,
    async (signal) => {
      const finalized = await readFinalizedEpoch(node, signal);
      return finalized >= epoch ? finalized : null;
    },
    { timeoutMs: 300_000, ...options },
  );
}
