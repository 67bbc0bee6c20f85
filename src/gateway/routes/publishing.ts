import type { Route } from "./route.ts";
import { budgets, publish, store, type Extra } from "./rows.ts";

const pool = "/eth/v1/beacon/pool";
const at = "/eth/v1/validator";

/** Full to its creator at once and to the others shortly after; 202 is broadcast but not yet imported. */
const creator: Extra = { policy: "creator", send: "creator", pick: "first", isHeavy: true, success: [200, 202] };

/** What validators sign and send: to every node. */
export const publishingRoutes: readonly Route[] = [
  publish("submitPoolAttestationsV2", "/eth/v2/beacon/pool/attestations", budgets.attestation),
  publish("submitPoolSyncCommitteeSignatures", `${pool}/sync_committees`, budgets.syncMessage, { since: "altair" }),
  publish("submitPayloadAttestationMessages", `${pool}/payload_attestations`, budgets.payloadAttestation, {
    since: "gloas",
  }),
  publish("publishAggregateAndProofsV2", "/eth/v2/validator/aggregate_and_proofs", budgets.publishAggregate),
  publish("publishContributionAndProofs", `${at}/contribution_and_proofs`, budgets.publishContribution, {
    since: "altair",
  }),
  publish("submitPoolAttesterSlashingsV2", "/eth/v2/beacon/pool/attester_slashings", budgets.small),
  publish("submitPoolProposerSlashings", `${pool}/proposer_slashings`, budgets.small),
  publish("submitPoolVoluntaryExit", `${pool}/voluntary_exits`, budgets.small),
  publish("submitPoolBLSToExecutionChange", `${pool}/bls_to_execution_changes`, budgets.small, { since: "capella" }),

  publish("publishBlockV2", "/eth/v2/beacon/blocks", budgets.publishBlock, creator),
  publish("publishBlindedBlockV2", "/eth/v2/beacon/blinded_blocks", budgets.publishBlock, {
    ...creator,
    since: "bellatrix",
    until: "gloas",
  }),
  publish("publishExecutionPayloadEnvelope", "/eth/v1/beacon/execution_payload_envelopes", budgets.publishBlock, {
    ...creator,
    since: "gloas",
  }),
  publish("publishExecutionPayloadBid", "/eth/v1/beacon/execution_payload_bids", budgets.small, { since: "gloas" }),

  publish("submitPoolAttestations", `${pool}/attestations`, budgets.attestation, {
    until: "electra",
    retired: "gone since v4.0.0; validator clients on networks before Electra",
  }),
  publish("publishAggregateAndProofs", `${at}/aggregate_and_proofs`, budgets.publishAggregate, {
    until: "electra",
    retired: "gone since v4.0.0; validator clients on networks before Electra",
  }),
  publish("submitPoolAttesterSlashings", `${pool}/attester_slashings`, budgets.small, {
    until: "electra",
    retired: "gone since v4.0.0; slashers on networks before Electra",
  }),
  publish("publishBlock", "/eth/v1/beacon/blocks", budgets.publishBlock, {
    ...creator,
    retired: "gone since v4.0.0; older validator clients",
  }),
  publish("publishBlindedBlock", "/eth/v1/beacon/blinded_blocks", budgets.publishBlock, {
    ...creator,
    since: "bellatrix",
    until: "gloas",
    retired: "gone since v4.0.0; older validator clients",
  }),
];

/** What validators tell their nodes ahead of time: to every node, and again to a node that comes back. */
export const preparingRoutes: readonly Route[] = [
  store("prepareBeaconProposer", `${at}/prepare_beacon_proposer`, "preparations", budgets.small, {
    since: "bellatrix",
    until: "gloas",
  }),
  store("registerValidator", `${at}/register_validator`, "registrations", budgets.registrations, {
    since: "bellatrix",
    until: "gloas",
  }),
  // Signed, and gossiped by the node that takes it; clients begin one epoch before Gloas.
  publish("submitProposerPreferences", `${at}/proposer_preferences`, budgets.small, { since: "fulu" }),
  store(
    "prepareBeaconCommitteeSubnet",
    `${at}/beacon_committee_subscriptions`,
    "committee-subscriptions",
    budgets.small,
  ),
  store("prepareSyncCommitteeSubnets", `${at}/sync_committee_subscriptions`, "sync-subscriptions", budgets.small, {
    since: "altair",
  }),
];
