import type { SimBlock } from "../chain/types.ts";
import { toHex } from "../hash.ts";
import { findBlock, isCanonical } from "../node/block-ids.ts";
import { fail, okAbout } from "../node/reply.ts";
import type { NodeContext, RouteCall, SimRoute } from "../node/types.ts";

export const blockRoutes: readonly SimRoute[] = [
  {
    method: "GET",
    path: "/eth/v1/beacon/headers",
    handle({ query, sight, node }) {
      const slot = query.get("slot");
      const parentRoot = query.get("parent_root")?.toLowerCase();
      if (slot !== null && !/^\d+$/.test(slot)) return fail(400, "Invalid slot");
      const block = findBlock(slot ?? "head", sight, node);
      const blocks =
        block.ok && (parentRoot === undefined || parentRoot === block.value.parentRoot) ? [block.value] : [];
      return okAbout(
        sight,
        blocks[0]?.slot ?? sight.head.slot,
        blocks.map((one) => headerJson(one, sight, node)),
      );
    },
  },
  {
    method: "GET",
    path: "/eth/v1/beacon/headers/{block_id}",
    handle(call) {
      const block = findBlock(call.params["block_id"] ?? "", call.sight, call.node);
      if (!block.ok) return block.reply;
      return okAbout(call.sight, block.value.slot, headerJson(block.value, call.sight, call.node));
    },
  },
  {
    method: "GET",
    path: "/eth/v1/beacon/blocks/{block_id}/root",
    handle(call) {
      const block = findBlock(call.params["block_id"] ?? "", call.sight, call.node);
      return block.ok ? okAbout(call.sight, block.value.slot, { root: block.value.root }) : block.reply;
    },
  },
  { method: "GET", path: "/eth/v2/beacon/blocks/{block_id}", handle: getBlockV2 },
  {
    method: "GET",
    path: "/eth/v2/beacon/blocks/{block_id}/attestations",
    handle(call) {
      const block = findBlock(call.params["block_id"] ?? "", call.sight, call.node);
      if (!block.ok) return block.reply;
      const json = signedBlockJson(block.value, call.node) as { message: { body: { attestations: unknown } } };
      return {
        ...okAbout(call.sight, block.value.slot, json.message.body.attestations, { version: block.value.fork }),
        headers: { "eth-consensus-version": block.value.fork },
      };
    },
  },
];

function getBlockV2({ params, sight, node }: RouteCall) {
  const found = findBlock(params["block_id"] ?? "", sight, node);
  if (!found.ok) return found.reply;
  const block = found.value;
  const signed = node.chain.signedBlock(block);
  return {
    ...okAbout(sight, block.slot, signedBlockJson(block, node), { version: block.fork }),
    ssz: node.blockTypes(block.fork).signedBlock.serialize(signed),
    headers: { "eth-consensus-version": block.fork },
  };
}

function signedBlockJson(block: SimBlock, node: NodeContext): unknown {
  return node.blockTypes(block.fork).signedBlock.toJson(node.chain.signedBlock(block));
}

function headerJson(block: SimBlock, sight: RouteCall["sight"], node: NodeContext): unknown {
  return {
    root: block.root,
    canonical: isCanonical(block, sight, node.chain),
    header: {
      message: {
        slot: String(block.slot),
        proposer_index: String(block.proposerIndex),
        parent_root: block.parentRoot,
        state_root: block.stateRoot,
        body_root: block.bodyRoot,
      },
      signature: toHex(node.chain.signedBlock(block).signature),
    },
  };
}
