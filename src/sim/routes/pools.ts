import { isKnown } from "../node/block-ids.ts";
import { done, fail, ok } from "../node/reply.ts";
import type { RouteCall, SimRoute } from "../node/types.ts";
import { field, postItems, type ItemCheck } from "./items.ts";

/** Attestations of v1 (before Electra) and single ones of v2; also what is inside of aggregates. */
function checkData(data: unknown, { sight, node }: RouteCall): string | undefined {
  const slot = Number(field(data, "slot"));
  const root = field(data, "beacon_block_root");
  if (!Number.isInteger(slot) || typeof root !== "string") return "Malformed attestation data";
  if (slot > sight.slot) return `Attestation slot ${slot} is in the future`;
  if (slot + 2 * node.chain.slotsPerEpoch < sight.slot) return `Attestation slot ${slot} is too old`;
  const block = node.chain.blockByRoot(root);
  return block && isKnown(block, sight, node.chain) ? undefined : `Unknown head block ${root}`;
}

const checkAttestation: ItemCheck = (item, call) => checkData(field(item, "data"), call);
const checkAggregate: ItemCheck = (item, call) => checkData(field(item, "message", "aggregate", "data"), call);
const checkSyncMessage: ItemCheck = (item, { sight }) => {
  const slot = Number(field(item, "slot"));
  if (!Number.isInteger(slot) || typeof field(item, "beacon_block_root") !== "string") return "Malformed sync message";
  return Math.abs(slot - sight.slot) > 1 ? `Sync message of slot ${slot} is not of the current slot` : undefined;
};
const checkContribution: ItemCheck = (item) =>
  typeof field(item, "message", "contribution", "slot") === "string" ? undefined : "Malformed contribution";
const isObjectItem: ItemCheck = (item) => (typeof item === "object" && item !== null ? undefined : "Malformed item");

function tell(topic: string) {
  return (items: readonly unknown[], { node }: RouteCall): void => {
    for (const item of items) node.emit(topic, item);
  };
}

/** Operations that are sent one at a time. */
const singlePools = ["voluntary_exits", "attester_slashings", "proposer_slashings"];

export const poolRoutes: readonly SimRoute[] = [
  postItems("/eth/v1/beacon/pool/attestations", checkAttestation, tell("attestation")),
  postItems("/eth/v2/beacon/pool/attestations", checkAttestation, tell("single_attestation")),
  postItems("/eth/v1/beacon/pool/sync_committees", checkSyncMessage),
  postItems("/eth/v1/beacon/pool/bls_to_execution_changes", isObjectItem, tell("bls_to_execution_change")),
  postItems("/eth/v1/validator/aggregate_and_proofs", checkAggregate),
  postItems("/eth/v2/validator/aggregate_and_proofs", checkAggregate),
  postItems("/eth/v1/validator/contribution_and_proofs", checkContribution, tell("contribution_and_proof")),
  ...singlePools.flatMap((pool): SimRoute[] =>
    ["v1", "v2"].flatMap((version): SimRoute[] => [
      {
        method: "POST",
        path: `/eth/${version}/beacon/pool/${pool}`,
        handle: ({ json, body }) => (body.length > 0 && !Array.isArray(json) ? done : fail(400, "Malformed operation")),
      },
      { method: "GET", path: `/eth/${version}/beacon/pool/${pool}`, handle: () => ok([]) },
    ]),
  ),
];
