import type { Route } from "./route.ts";
import { coalesce, duty, view } from "./rows.ts";

const at = "/eth/v1/validator";

/** Who has what to do, and what DVT middleware and doppelganger protection ask around it. */
export const dutyRoutes: readonly Route[] = [
  coalesce("POST", "getAttesterDuties", `${at}/duties/attester/{epoch}`, "duties", duty),
  coalesce("GET", "getProposerDuties", `${at}/duties/proposer/{epoch}`, "duties", duty),
  coalesce("GET", "getProposerDutiesV2", "/eth/v2/validator/duties/proposer/{epoch}", "duties", duty),
  coalesce("POST", "getSyncCommitteeDuties", `${at}/duties/sync/{epoch}`, "period", { ...duty, since: "altair" }),
  coalesce("POST", "getPtcDuties", `${at}/duties/ptc/{epoch}`, "duties", { ...duty, since: "gloas" }),
  // Doppelganger protection depends on it: never shared, never kept.
  view("POST", "getLiveness", `${at}/liveness/{epoch}`, {
    ...duty,
    policy: "union",
    send: "all",
    pick: "union",
    hedge: "none",
  }),
  // DVT middleware gathers partial proofs from its peers: what it answers depends on who asked when.
  view("POST", "submitBeaconCommitteeSelections", `${at}/beacon_committee_selections`, duty),
  view("POST", "submitSyncCommitteeSelections", `${at}/sync_committee_selections`, { ...duty, since: "altair" }),

  coalesce("GET", "getAttesterDutiesByQuery", `${at}/duties/attester/{epoch}`, "duties", {
    ...duty,
    retired: "replaced by POST; old tools",
  }),
];
