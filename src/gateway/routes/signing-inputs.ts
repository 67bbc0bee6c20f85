import type { Budget, Route } from "./route.ts";
import { best, budgets, cheap, coalesce, input, view, type Extra } from "./rows.ts";

const at = "/eth/v1/validator";

function produce(id: string, path: string, extra: Extra = {}): Route {
  return best(id, path, {
    asksOthersOn404: false,
    isHeavy: true,
    hedge: "soft",
    deadline: budgets.block,
    ...extra,
  });
}

function aggregate(id: string, path: string, deadline: Budget, extra: Extra = {}): Route {
  return best(id, path, { deadline, ...extra });
}

/** Answers that validators sign over: blocks, attestation data, aggregates, contributions, payload attestation data. */
export const signingInputRoutes: readonly Route[] = [
  view("GET", "produceAttestationData", `${at}/attestation_data`, {
    ...input,
    ...cheap,
    policy: "agree",
    send: "all",
    pick: "agree",
    keep: "cache",
    share: "head",
    deadline: budgets.attestation,
    // EIP-7549: from Electra on the committee is no part of the data, and one answer serves every committee.
    forks: { electra: { ignoresQuery: ["committee_index"] } },
  }),
  // 204 says that no block was seen: the validator must not vote.
  coalesce("GET", "producePayloadAttestationData", `${at}/payload_attestation_data`, "flight", {
    ...input,
    ...cheap,
    deadline: budgets.payloadAttestation,
    success: [200, 204],
    since: "gloas",
  }),

  produce("produceBlockV3", "/eth/v3/validator/blocks/{slot}", { until: "gloas" }),
  produce("produceBlockV4", "/eth/v4/validator/blocks/{slot}", { since: "gloas" }),
  // Only the node that built the block has the envelope; the others say 404.
  view("GET", "getExecutionPayloadEnvelope", `${at}/execution_payload_envelopes/{slot}/{beacon_block_root}`, {
    ...input,
    send: "creator",
    isHeavy: true,
    deadline: budgets.block,
    since: "gloas",
  }),
  view("GET", "getExecutionPayloadBid", `${at}/execution_payload_bids/{slot}/{builder_index}`, {
    ...input,
    deadline: budgets.block,
    since: "gloas",
  }),

  aggregate("getAggregatedAttestationV2", "/eth/v2/validator/aggregate_attestation", budgets.aggregate),
  aggregate("produceSyncCommitteeContribution", `${at}/sync_committee_contribution`, budgets.contribution, {
    since: "altair",
  }),

  aggregate("getAggregatedAttestation", `${at}/aggregate_attestation`, budgets.aggregate, {
    until: "electra",
    retired: "gone since v4.0.0; validator clients on networks before Electra",
  }),
  produce("produceBlockV1", `${at}/blocks/{slot}`, { until: "altair", retired: "replaced by v2; old clients" }),
  produce("produceBlockV2", "/eth/v2/validator/blocks/{slot}", {
    until: "electra",
    retired: "gone since v3.0.0; older validator clients",
  }),
  produce("produceBlindedBlock", `${at}/blinded_blocks/{slot}`, {
    since: "bellatrix",
    until: "electra",
    retired: "gone since v3.0.0; older validator clients",
  }),
  coalesce("GET", "producePayloadAttestationDataBySlot", `${at}/payload_attestation_data/{slot}`, "flight", {
    ...input,
    ...cheap,
    deadline: budgets.payloadAttestation,
    success: [200, 204],
    since: "gloas",
    retired: "the form before July 2026; clients on Gloas test networks",
  }),
  view("GET", "getExecutionPayloadEnvelopeBySlot", `${at}/execution_payload_envelopes/{slot}`, {
    ...input,
    send: "creator",
    isHeavy: true,
    deadline: budgets.block,
    since: "gloas",
    retired: "the form of earlier drafts; clients on Gloas test networks",
  }),
];
