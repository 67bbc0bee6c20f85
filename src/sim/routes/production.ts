import { forkNameAt } from "../chain/fork-schedule.ts";
import type { BodyValue } from "../chain/types.ts";
import { fromHex, hashParts } from "../hash.ts";
import { fail, ok, syncingReply } from "../node/reply.ts";
import type { Reply, RouteCall, SimRoute } from "../node/types.ts";
import { makeBody } from "../chain/body.ts";
import { uintOf } from "./attestations.ts";

const noFeeRecipient = `0x${"00".repeat(20)}`;

export const productionRoutes: readonly SimRoute[] = [
  { method: "GET", path: "/eth/v3/validator/blocks/{slot}", handle: produceBlockV3 },
];

/** A full local block on the node's head, with the fee recipient that this node was told, or the zero address. */
function produceBlockV3(call: RouteCall): Reply {
  const { query, sight, node } = call;
  const slot = uintOf(call.params["slot"]);
  const randao = query.get("randao_reveal") ?? "";
  if (slot === undefined) return fail(400, "Invalid slot");
  if (!/^0x[0-9a-fA-F]{192}$/.test(randao)) return fail(400, "Invalid randao_reveal");
  if (sight.isSyncing) return syncingReply;
  if (sight.view.elOffline || sight.view.isOptimistic)
    return fail(503, "Execution client is not ready to build a block");
  if (slot > sight.slot + 1 || slot <= sight.head.slot) return fail(400, `Cannot produce a block for slot ${slot}`);

  const fork = forkNameAt(node.chain.forks, node.chain.epochOf(slot));
  const types = node.blockTypes(fork);
  const proposerIndex = node.chain.proposerAt(sight.head, slot);
  const body = bodyOf(call, slot, proposerIndex, fromHex(randao));
  const stateRoot = hashParts(node.chain.seed, "produced", node.name, slot);
  const block = { slot, proposerIndex, parentRoot: fromHex(sight.head.root), stateRoot, body };
  const valueWei = String(10n ** 16n + BigInt(parseInt(Buffer.from(stateRoot).toString("hex", 0, 5), 16)));
  const type = types.contents ?? types.block;
  const value = types.contents ? { block, kzgProofs: [], blobs: [] } : block;
  const about = {
    version: fork,
    execution_payload_blinded: false,
    execution_payload_value: valueWei,
    consensus_block_value: valueWei,
  };
  return {
    ...ok(type.toJson(value), about),
    ssz: () => type.serialize(value),
    headers: {
      "eth-consensus-version": fork,
      "eth-execution-payload-blinded": "false",
      "eth-execution-payload-value": valueWei,
      "eth-consensus-block-value": valueWei,
    },
  };
}

function bodyOf(
  { query, sight, node }: RouteCall,
  slot: number,
  proposerIndex: number,
  randaoReveal: Uint8Array,
): BodyValue {
  const { chain } = node;
  const graffiti = fromHex(query.get("graffiti") ?? "0x");
  return makeBody(node.blockTypes(forkNameAt(chain.forks, chain.epochOf(slot))), {
    seed: chain.seed,
    fork: forkNameAt(chain.forks, chain.epochOf(slot)),
    slot,
    slotsPerEpoch: chain.slotsPerEpoch,
    timestamp: Math.floor(chain.startOfSlot(slot) / 1000),
    parentRoot: sight.head.root,
    graffiti: graffiti.length > 0 ? Buffer.from(graffiti).toString("latin1") : node.name,
    randaoReveal,
    feeRecipient: fromHex(node.preparations.get(proposerIndex) ?? noFeeRecipient),
    syncBits: Array<boolean>(node.preset.syncCommitteeSize).fill(true),
    attestations: {
      units: [],
      packing: { aggregates: 1, repeats: 0 },
      maxCommitteesPerSlot: node.preset.maxCommitteesPerSlot,
    },
    withdrawals: [],
    operations: { exits: [], proposerSlashed: [], attesterSlashed: [] },
    payloadBytes: 0,
  });
}
