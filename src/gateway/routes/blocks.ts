import type { Route } from "./route.ts";
import { budgets, cheap, coalesce, input, pass, type Extra } from "./rows.ts";

/** Another node may hold the block that this one has not got. */
const maybeElsewhere: Extra = { asksOthersOn404: true };
const large: Extra = { ...maybeElsewhere, isHeavy: true };

/** Reads of blocks and of what belongs to them. */
export const blockRoutes: readonly Route[] = [
  // The head's root is what sync committee messages sign: a literal segment wins over the parameter below.
  coalesce("GET", "getBlockRootHead", "/eth/v1/beacon/blocks/head/root", "head", {
    ...input,
    ...cheap,
    deadline: budgets.syncMessage,
    specialises: "getBlockRoot",
  }),
  coalesce("GET", "getBlockRoot", "/eth/v1/beacon/blocks/{block_id}/root", "head", { ...cheap, ...maybeElsewhere }),
  coalesce("GET", "getBlockHeaders", "/eth/v1/beacon/headers", "flight"),
  coalesce("GET", "getBlockHeader", "/eth/v1/beacon/headers/{block_id}", "head", maybeElsewhere),
  pass("getBlockV2", "/eth/v2/beacon/blocks/{block_id}", large),
  pass("getBlindedBlock", "/eth/v1/beacon/blinded_blocks/{block_id}", { ...maybeElsewhere, since: "bellatrix" }),
  pass("getBlockAttestationsV2", "/eth/v2/beacon/blocks/{block_id}/attestations", maybeElsewhere),
  pass("getBlobs", "/eth/v1/beacon/blobs/{block_id}", { ...large, since: "deneb" }),
  pass("getSignedExecutionPayloadEnvelope", "/eth/v1/beacon/execution_payload_envelopes/{block_id}", {
    ...large,
    since: "gloas",
  }),

  pass("getBlockV1", "/eth/v1/beacon/blocks/{block_id}", { ...large, retired: "replaced by v2; old tools" }),
  pass("getBlockAttestations", "/eth/v1/beacon/blocks/{block_id}/attestations", {
    ...maybeElsewhere,
    until: "electra",
    retired: "gone since v4.0.0; older validator clients and explorers",
  }),
  pass("getBlobSidecars", "/eth/v1/beacon/blob_sidecars/{block_id}", {
    ...large,
    since: "deneb",
    until: "fulu",
    retired: "gone after v4.0.0; rollup nodes and explorers",
  }),
  pass("getDepositSnapshot", "/eth/v1/beacon/deposit_snapshot", {
    retired: "gone since v4.0.0; checkpoint sync of older nodes",
  }),
];
