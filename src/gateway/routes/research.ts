import type { Route } from "./route.ts";
import { pass, type Extra } from "./rows.ts";

const rewards = "/eth/v1/beacon/rewards";
const lightClient = "/eth/v1/beacon/light_client";
const closed: Extra = { isDebug: true, isHeavy: true };

/** Rewards, light clients and debugging: no validator client needs them, and none of them may slow a duty. */
export const researchRoutes: readonly Route[] = [
  pass("getBlockRewards", `${rewards}/blocks/{block_id}`, { asksOthersOn404: true }),
  pass("getSyncCommitteeRewards", `${rewards}/sync_committee/{block_id}`, { since: "altair" }, "POST"),
  pass("getAttestationsRewards", `${rewards}/attestations/{epoch}`, { isHeavy: true }, "POST"),

  pass("getLightClientBootstrap", `${lightClient}/bootstrap/{block_root}`, { asksOthersOn404: true, since: "altair" }),
  pass("getLightClientUpdatesByRange", `${lightClient}/updates`, { isHeavy: true, since: "altair" }),
  pass("getLightClientFinalityUpdate", `${lightClient}/finality_update`, { since: "altair" }),
  pass("getLightClientOptimisticUpdate", `${lightClient}/optimistic_update`, { since: "altair" }),

  pass("getStateV2", "/eth/v2/debug/beacon/states/{state_id}", closed),
  pass("getDebugChainHeadsV2", "/eth/v2/debug/beacon/heads", { isDebug: true }),
  pass("getDebugForkChoice", "/eth/v1/debug/fork_choice", closed),
  pass("getDebugDataColumnSidecars", "/eth/v1/debug/beacon/data_column_sidecars/{block_id}", {
    ...closed,
    since: "fulu",
  }),
];
