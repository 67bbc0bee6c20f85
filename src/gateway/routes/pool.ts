import type { Route } from "./route.ts";
import { pass } from "./rows.ts";

const v1 = "/eth/v1/beacon/pool";

/** Reads of one node's operation pool: every node has its own, so nothing is shared. */
export const poolRoutes: readonly Route[] = [
  pass("getPoolAttestationsV2", "/eth/v2/beacon/pool/attestations", { isHeavy: true }),
  pass("getPoolPayloadAttestations", `${v1}/payload_attestations`, { since: "gloas" }),
  pass("getPoolAttesterSlashingsV2", "/eth/v2/beacon/pool/attester_slashings"),
  pass("getPoolProposerSlashings", `${v1}/proposer_slashings`),
  pass("getPoolVoluntaryExits", `${v1}/voluntary_exits`),
  pass("getPoolBLSToExecutionChanges", `${v1}/bls_to_execution_changes`, { since: "capella" }),

  pass("getPoolAttestations", `${v1}/attestations`, {
    isHeavy: true,
    until: "electra",
    retired: "gone since v4.0.0; explorers",
  }),
  pass("getPoolAttesterSlashings", `${v1}/attester_slashings`, {
    until: "electra",
    retired: "gone since v4.0.0; explorers",
  }),
];
