import { z } from "zod";
import { flag, forkVersion, maybeFlag, root, shortText, uint } from "./field-decoders.ts";
import { defineRoute } from "./route.ts";

/** `GET /eth/v1/node/syncing`; flags that a node leaves out are `undefined`: unknown, not false. */
export interface SyncingStatus {
  headSlot: number;
  syncDistance: number | undefined;
  isSyncing: boolean | undefined;
  isOptimistic: boolean | undefined;
  elOffline: boolean | undefined;
}

const checkpoint = z.object({ epoch: uint, root });

const syncing = z
  .object({
    head_slot: uint,
    sync_distance: uint.nullish(),
    is_syncing: maybeFlag,
    is_optimistic: maybeFlag,
    el_offline: maybeFlag,
  })
  .transform((data): SyncingStatus => ({
    headSlot: data.head_slot,
    syncDistance: data.sync_distance ?? undefined,
    isSyncing: data.is_syncing,
    isOptimistic: data.is_optimistic,
    elOffline: data.el_offline,
  }));

const header = z
  .object({
    root,
    canonical: flag.nullish(),
    header: z.object({ message: z.object({ slot: uint, proposer_index: uint.nullish(), parent_root: root }) }),
  })
  .transform((data) => ({
    root: data.root,
    isCanonical: data.canonical ?? undefined,
    slot: data.header.message.slot,
    parentRoot: data.header.message.parent_root,
    proposerIndex: data.header.message.proposer_index ?? undefined,
  }));

const clientVersion = z.object({ code: shortText.nullish(), name: shortText.nullish(), version: shortText.nullish() });

/** Every call that Slotkeeper itself makes to a beacon node, named after its operationId. Add one: one entry here and its test. */
export const beaconRoutes = {
  getSyncingStatus: defineRoute({ operationId: "getSyncingStatus", path: "/eth/v1/node/syncing" }, syncing),
  getNodeVersion: defineRoute(
    { operationId: "getNodeVersion", path: "/eth/v1/node/version" },
    z.object({ version: shortText }).transform((data) => ({ version: data.version })),
  ),
  /** Newer nodes name their execution client as well. */
  getNodeVersionV2: defineRoute(
    { operationId: "getNodeVersionV2", path: "/eth/v2/node/version" },
    z.object({ beacon_node: clientVersion, execution_client: clientVersion.nullish() }).transform((data) => ({
      beaconNode: data.beacon_node.name ?? data.beacon_node.code ?? undefined,
      executionClient: data.execution_client?.name ?? data.execution_client?.code ?? undefined,
    })),
  ),
  getPeerCount: defineRoute(
    { operationId: "getPeerCount", path: "/eth/v1/node/peer_count" },
    z.object({ connected: uint }).transform((data) => ({ connected: data.connected })),
  ),
  getSpec: defineRoute(
    { operationId: "getSpec", path: "/eth/v1/config/spec", maxBytes: 512 * 1024 },
    z.record(z.string(), z.unknown()),
  ),
  getForkSchedule: defineRoute(
    { operationId: "getForkSchedule", path: "/eth/v1/config/fork_schedule" },
    z
      .array(z.object({ current_version: forkVersion, epoch: uint }))
      .max(200)
      .transform((forks) => forks.map((fork) => ({ version: fork.current_version, epoch: fork.epoch }))),
  ),
  getGenesis: defineRoute(
    { operationId: "getGenesis", path: "/eth/v1/beacon/genesis" },
    z
      .object({ genesis_time: uint, genesis_validators_root: root, genesis_fork_version: forkVersion })
      .transform((data) => ({
        genesisTimeMs: data.genesis_time * 1000,
        genesisValidatorsRoot: data.genesis_validators_root,
        genesisForkVersion: data.genesis_fork_version,
      })),
  ),
  /** Parameter `block_id`: `head`, a slot or a root. */
  getBlockHeader: defineRoute({ operationId: "getBlockHeader", path: "/eth/v1/beacon/headers/{block_id}" }, header),
  /** Parameter `block_id`. */
  getBlockRoot: defineRoute(
    { operationId: "getBlockRoot", path: "/eth/v1/beacon/blocks/{block_id}/root" },
    z.object({ root }),
  ),
  /** Parameter `state_id`: `head`, a slot or a root. */
  getStateFinalityCheckpoints: defineRoute(
    {
      operationId: "getStateFinalityCheckpoints",
      path: "/eth/v1/beacon/states/{state_id}/finality_checkpoints",
      isCheap: false,
    },
    z
      .object({ previous_justified: checkpoint, current_justified: checkpoint, finalized: checkpoint })
      .transform((data) => ({
        previousJustified: data.previous_justified,
        justified: data.current_justified,
        finalized: data.finalized,
      })),
  ),
};

export type BlockHeader = z.infer<typeof header>;
export type FinalityCheckpoints = {
  previousJustified: { epoch: number; root: string };
  justified: { epoch: number; root: string };
  finalized: { epoch: number; root: string };
};
