import type { SimBlock } from "../chain/types.ts";
import { toHex } from "../hash.ts";
import { findBlock, isCanonical, isKnown } from "../node/block-ids.ts";
import { makeSignature } from "../chain/signature.ts";
import { aboutSlot, fail, okAbout } from "../node/reply.ts";
import type { NodeContext, RouteCall, SimRoute } from "../node/types.ts";

export const blockRoutes: readonly SimRoute[] = [
  {
    method: "GET",
    path: "/eth/v1/beacon/headers",
    handle({ query, sight, node }) {
      const slot = query.get("slot");
      const parentRoot = query.get("parent_root")?.toLowerCase();
      if (slot !== null && !/^\d+$/.test(slot)) return fail(400, "Invalid slot");
      const known =
        parentRoot !== undefined && slot === null ? childrenOf(parentRoot, node, sight) : blocksAt(slot, node, sight);
      const blocks = known
        .filter((block) => isKnown(block, sight, node.chain))
        .filter((block) => parentRoot === undefined || parentRoot === block.parentRoot);
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
      const { attestation } = call.node.blockTypes(block.value.fork);
      const { body } = call.node.chain.signedBlock(block.value).message;
      const list = (body["attestations"] as unknown[]).map((one) => attestation.toJson(one));
      return {
        ...okAbout(call.sight, block.value.slot, list, { version: block.value.fork }),
        headers: { "eth-consensus-version": block.value.fork },
      };
    },
  },
];

function getBlockV2({ params, sight, node }: RouteCall) {
  const found = findBlock(params["block_id"] ?? "", sight, node);
  if (!found.ok) return found.reply;
  const block = found.value;
  const { signedBlock } = node.blockTypes(block.fork);
  return {
    status: 200,
    json: { version: block.fork, ...aboutSlot(sight, block.slot) },
    dataLater: () => signedBlock.toJson(node.chain.signedBlock(block)),
    ssz: () => signedBlock.serialize(node.chain.signedBlock(block)),
    headers: { "eth-consensus-version": block.fork },
  };
}

/** Blocks of a slot, those left behind by a reorg too; the head without one. */
function blocksAt(slot: string | null, { chain }: NodeContext, sight: RouteCall["sight"]): readonly SimBlock[] {
  if (slot === null) return [sight.head];
  if (Number(slot) > sight.head.slot) return [];
  const own = chain.ancestorAt(sight.head, Number(slot));
  const others = chain.leftBehindAt(Number(slot)).filter(({ root }) => root !== own.root);
  return own.slot === Number(slot) ? [own, ...others] : others;
}

/** The next blocks after the parent. */
function childrenOf(parentRoot: string, { chain }: NodeContext, { head }: RouteCall["sight"]): readonly SimBlock[] {
  const parent = chain.blockByRoot(parentRoot);
  if (!parent) return [];
  const found: SimBlock[] = [];
  for (let slot = parent.slot + 1; slot <= Math.min(head.slot, parent.slot + chain.slotsPerEpoch); slot++) {
    const block = chain.blockAt(slot, parent.branch) ?? chain.blockAt(slot);
    if (block) found.push(block);
    found.push(...chain.leftBehindAt(slot));
    if (block) break;
  }
  return found;
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
      signature: toHex(makeSignature(node.chain.seed, "block", block.root)),
    },
  };
}
