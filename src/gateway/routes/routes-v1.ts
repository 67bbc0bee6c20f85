import type { Budget, Route } from "./route.ts";

export const routesVersion = 1;

const second: Budget = { ms: 1_000 };
const slot: Budget = { bps: 10_000 };

const base = {
  keep: "no",
  isSigningInput: false,
  mayRepeat: true,
  isCheap: false,
  isDuty: false,
  asksOthersOn404: false,
} as const;

type Extra = Partial<Omit<Route, "id" | "method" | "path">>;

function view(method: Route["method"], id: string, path: string, extra: Extra = {}): Route {
  return {
    ...base,
    id,
    method,
    path,
    policy: "view",
    send: "hedge",
    pick: "first",
    deadline: slot,
    hedge: "soft",
    ...extra,
  };
}

function pass(id: string, path: string, extra: Extra = {}): Route {
  return {
    ...base,
    id,
    method: "GET",
    path,
    policy: "pass",
    send: "one",
    pick: "first",
    deadline: slot,
    hedge: "none",
    ...extra,
  };
}

/** Small answers from memory: a node that keeps silent on one of these hangs. */
const cheap: Extra = { isCheap: true, hedge: "learned" };
const duties: Extra = { isDuty: true, deadline: { bps: 5_000 } };
const input: Extra = { isSigningInput: true, isDuty: true, asksOthersOn404: true };

function produce(id: string, path: string): Route {
  return view("GET", id, path, { ...input, asksOthersOn404: false, hedge: "soft", deadline: { bps: 3_333 } });
}

function best(id: string, path: string, method: Route["method"] = "GET"): Route {
  return view(method, id, path, {
    ...input,
    policy: "best",
    send: "all",
    pick: "best",
    hedge: "none",
    deadline: { bps: 3_333 },
  });
}

function publish(id: string, path: string, extra: Extra = {}): Route {
  const row = { policy: "broadcast", send: "all", pick: "merge", hedge: "none", deadline: slot, isDuty: true } as const;
  return { ...base, id, method: "POST", path, ...row, ...extra };
}

function store(id: string, path: string, replays: NonNullable<Route["replays"]>): Route {
  return publish(id, path, { policy: "replay", keep: "replay", replays });
}

const creator: Extra = { policy: "creator", send: "creator", pick: "first" };
const own: Extra = { policy: "own", send: "own", deadline: second, hedge: "none" };

/** Every route of the Beacon API that validator clients use, current and retired. What is not here is passed through. */
export const routesV1: readonly Route[] = [
  view("GET", "getHealth", "/eth/v1/node/health", own),
  view("GET", "getSyncingStatus", "/eth/v1/node/syncing", own),
  view("GET", "getNodeVersion", "/eth/v1/node/version", own),
  { ...pass("eventstream", "/eth/v1/events"), policy: "events", send: "own" },

  view("GET", "getGenesis", "/eth/v1/beacon/genesis", cheap),
  view("GET", "getSpec", "/eth/v1/config/spec", cheap),
  view("GET", "getForkSchedule", "/eth/v1/config/fork_schedule", cheap),
  view("GET", "getDepositContract", "/eth/v1/config/deposit_contract", cheap),
  view("GET", "getStateFork", "/eth/v1/beacon/states/{state_id}/fork", cheap),
  view("GET", "getStateRoot", "/eth/v1/beacon/states/{state_id}/root"),
  view("GET", "getStateFinalityCheckpoints", "/eth/v1/beacon/states/{state_id}/finality_checkpoints", cheap),
  view("GET", "getStateValidators", "/eth/v1/beacon/states/{state_id}/validators"),
  view("POST", "postStateValidators", "/eth/v1/beacon/states/{state_id}/validators"),
  view("GET", "getStateValidator", "/eth/v1/beacon/states/{state_id}/validators/{validator_id}"),
  view("GET", "getStateValidatorBalances", "/eth/v1/beacon/states/{state_id}/validator_balances"),
  view("POST", "postStateValidatorBalances", "/eth/v1/beacon/states/{state_id}/validator_balances"),
  view("POST", "postStateValidatorIdentities", "/eth/v1/beacon/states/{state_id}/validator_identities"),
  view("GET", "getEpochCommittees", "/eth/v1/beacon/states/{state_id}/committees"),
  view("GET", "getEpochSyncCommittees", "/eth/v1/beacon/states/{state_id}/sync_committees"),
  view("GET", "getStateRandao", "/eth/v1/beacon/states/{state_id}/randao"),
  // The head's root is what sync committee messages sign: a literal segment wins over the parameter below.
  view("GET", "getBlockRootHead", "/eth/v1/beacon/blocks/head/root", { ...input, ...cheap, deadline: { bps: 3_333 } }),
  view("GET", "getBlockRoot", "/eth/v1/beacon/blocks/{block_id}/root", { ...cheap, asksOthersOn404: true }),
  view("GET", "getBlockHeaders", "/eth/v1/beacon/headers"),
  view("GET", "getBlockHeader", "/eth/v1/beacon/headers/{block_id}", { asksOthersOn404: true }),
  pass("getBlockV1", "/eth/v1/beacon/blocks/{block_id}"),
  pass("getBlockV2", "/eth/v2/beacon/blocks/{block_id}"),
  pass("getBlindedBlock", "/eth/v1/beacon/blinded_blocks/{block_id}"),
  pass("getBlockAttestations", "/eth/v1/beacon/blocks/{block_id}/attestations"),
  pass("getBlockAttestationsV2", "/eth/v2/beacon/blocks/{block_id}/attestations"),
  pass("getBlobSidecars", "/eth/v1/beacon/blob_sidecars/{block_id}"),
  pass("getBlobs", "/eth/v1/beacon/blobs/{block_id}"),

  view("POST", "getAttesterDuties", "/eth/v1/validator/duties/attester/{epoch}", duties),
  view("GET", "getAttesterDutiesByQuery", "/eth/v1/validator/duties/attester/{epoch}", duties),
  view("GET", "getProposerDuties", "/eth/v1/validator/duties/proposer/{epoch}", duties),
  view("GET", "getProposerDutiesV2", "/eth/v2/validator/duties/proposer/{epoch}", duties),
  view("POST", "getSyncCommitteeDuties", "/eth/v1/validator/duties/sync/{epoch}", duties),
  view("POST", "getPtcDuties", "/eth/v1/validator/duties/ptc/{epoch}", duties),
  {
    ...view("POST", "getLiveness", "/eth/v1/validator/liveness/{epoch}", duties),
    policy: "union",
    send: "all",
    pick: "union",
    hedge: "none",
  },
  view("POST", "submitBeaconCommitteeSelections", "/eth/v1/validator/beacon_committee_selections", duties),
  view("POST", "submitSyncCommitteeSelections", "/eth/v1/validator/sync_committee_selections", duties),

  view("GET", "produceAttestationData", "/eth/v1/validator/attestation_data", {
    ...input,
    ...cheap,
    deadline: { bps: 3_333 },
  }),
  view("GET", "producePayloadAttestationData", "/eth/v1/validator/payload_attestation_data/{slot}", {
    ...input,
    ...cheap,
    deadline: { bps: 3_333 },
  }),
  produce("produceBlockV1", "/eth/v1/validator/blocks/{slot}"),
  produce("produceBlockV2", "/eth/v2/validator/blocks/{slot}"),
  produce("produceBlockV3", "/eth/v3/validator/blocks/{slot}"),
  produce("produceBlockV4", "/eth/v4/validator/blocks/{slot}"),
  produce("produceBlindedBlock", "/eth/v1/validator/blinded_blocks/{slot}"),
  produce("getExecutionPayloadEnvelope", "/eth/v1/validator/execution_payload_envelopes/{slot}"),
  best("getAggregatedAttestation", "/eth/v1/validator/aggregate_attestation"),
  best("getAggregatedAttestationV2", "/eth/v2/validator/aggregate_attestation"),
  best("produceSyncCommitteeContribution", "/eth/v1/validator/sync_committee_contribution"),

  publish("submitPoolAttestations", "/eth/v1/beacon/pool/attestations"),
  publish("submitPoolAttestationsV2", "/eth/v2/beacon/pool/attestations"),
  publish("submitPoolSyncCommitteeSignatures", "/eth/v1/beacon/pool/sync_committees"),
  publish("submitPoolPayloadAttestations", "/eth/v1/beacon/pool/payload_attestations"),
  publish("submitPoolAttesterSlashings", "/eth/v1/beacon/pool/attester_slashings"),
  publish("submitPoolAttesterSlashingsV2", "/eth/v2/beacon/pool/attester_slashings"),
  publish("submitPoolProposerSlashings", "/eth/v1/beacon/pool/proposer_slashings"),
  publish("submitPoolVoluntaryExit", "/eth/v1/beacon/pool/voluntary_exits"),
  publish("submitPoolBlsToExecutionChange", "/eth/v1/beacon/pool/bls_to_execution_changes"),
  publish("publishAggregateAndProofs", "/eth/v1/validator/aggregate_and_proofs"),
  publish("publishAggregateAndProofsV2", "/eth/v2/validator/aggregate_and_proofs"),
  publish("publishContributionAndProofs", "/eth/v1/validator/contribution_and_proofs"),
  publish("submitProposerPreferences", "/eth/v1/validator/proposer_preferences"),

  publish("publishBlock", "/eth/v1/beacon/blocks", creator),
  publish("publishBlockV2", "/eth/v2/beacon/blocks", creator),
  publish("publishBlindedBlock", "/eth/v1/beacon/blinded_blocks", creator),
  publish("publishBlindedBlockV2", "/eth/v2/beacon/blinded_blocks", creator),
  publish("publishExecutionPayloadEnvelope", "/eth/v1/beacon/execution_payload_envelopes", creator),

  store("prepareBeaconProposer", "/eth/v1/validator/prepare_beacon_proposer", "preparations"),
  store("registerValidator", "/eth/v1/validator/register_validator", "registrations"),
  store("prepareBeaconCommitteeSubnet", "/eth/v1/validator/beacon_committee_subscriptions", "committee-subscriptions"),
  store("prepareSyncCommitteeSubnets", "/eth/v1/validator/sync_committee_subscriptions", "sync-subscriptions"),
];

/** What a request that no row describes gets: reads may be repeated on another node, anything else may not. */
export const unknownRead: Route = pass("unknown", "/*");
export const unknownWrite: Route = { ...pass("unknown", "/*"), id: "unknown-write", method: "POST", mayRepeat: false };
