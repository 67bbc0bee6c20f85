import { BitArray } from "@chainsafe/ssz";
import { makeSignature } from "../chain/signature.ts";
import { voteInSlot } from "../chain/votes.ts";
import { toHex } from "../hash.ts";
import { isKnown } from "../node/block-ids.ts";
import { fail, ok, syncingReply } from "../node/reply.ts";
import type { SimRoute } from "../node/types.ts";
import { syncCommitteeSubnets } from "../preset.ts";
import { uintOf } from "./attestations.ts";

export const syncCommitteeRoutes: readonly SimRoute[] = [
  {
    method: "GET",
    path: "/eth/v1/validator/sync_committee_contribution",
    handle({ query, sight, node }) {
      const slot = uintOf(query.get("slot"));
      const subcommittee = uintOf(query.get("subcommittee_index"));
      const root = query.get("beacon_block_root")?.toLowerCase();
      if (slot === undefined || subcommittee === undefined || subcommittee >= syncCommitteeSubnets || !root) {
        return fail(400, "Invalid contribution query");
      }
      if (sight.isSyncing) return syncingReply;
      const block = node.chain.blockByRoot(root);
      if (!block || !isKnown(block, sight, node.chain) || slot > sight.slot) {
        return fail(404, "No contribution for this block and slot");
      }
      const size = node.preset.syncCommitteeSize / syncCommitteeSubnets;
      const heard = voteInSlot(node.chain.seed, `${node.name}/sync/${subcommittee}`, slot, size, node.gossipShare);
      return ok({
        slot: String(slot),
        beacon_block_root: root,
        subcommittee_index: String(subcommittee),
        aggregation_bits: toHex(BitArray.fromBoolArray([...heard.bits]).uint8Array),
        signature: toHex(makeSignature(node.name, "contribution", slot, subcommittee)),
      });
    },
  },
];
