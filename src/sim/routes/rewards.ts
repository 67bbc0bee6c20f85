import { forkRules, maxEffective, maxEffectiveCompounding, increment } from "../chain/fork-rules.ts";
import { forkNameAt } from "../chain/fork-schedule.ts";
import type { Settlement } from "../chain/ledger.ts";
import { earningsOf, idealPart } from "../chain/settle.ts";
import type { SimBlock } from "../chain/types.ts";
import { withdrawableEpoch } from "../chain/validators.ts";
import { findBlock, isPruned } from "../node/block-ids.ts";
import { aboutSlot, fail, listPieces, okAbout } from "../node/reply.ts";
import type { Reply, RouteCall, SimRoute } from "../node/types.ts";
import { uintOf } from "./attestations.ts";
import { allIndices, indicesOfIds } from "./validators.ts";

export const rewardRoutes: readonly SimRoute[] = [
  {
    method: "POST",
    path: "/eth/v1/beacon/rewards/attestations/{epoch}",
    needs: "hasRewards",
    handle: attestationRewards,
  },
  {
    method: "POST",
    path: "/eth/v1/beacon/rewards/sync_committee/{block_id}",
    needs: "hasRewards",
    handle: (call) => withBlock(call, syncRewards),
  },
  {
    method: "GET",
    path: "/eth/v1/beacon/rewards/blocks/{block_id}",
    needs: "hasRewards",
    handle: (call) => withBlock(call, blockRewards),
  },
];

/** What attestations of an epoch earned, out of the state at the end of the next epoch. */
function attestationRewards(call: RouteCall): Reply {
  const { node, sight } = call;
  const { chain } = node;
  const epoch = uintOf(call.params["epoch"]);
  if (epoch === undefined) return fail(400, "Invalid epoch");
  if (call.json !== undefined && !Array.isArray(call.json)) return fail(400, "Body must be a list of validators");
  const lastSlot = (epoch + 2) * chain.slotsPerEpoch - 1;
  const settlement =
    Math.max(sight.slot, sight.head.slot) >= lastSlot && !isPruned(lastSlot, sight, node)
      ? chain.settlementOf(sight.head, epoch, lastSlot)
      : undefined;
  if (!settlement) return fail(404, `Attestation rewards of epoch ${epoch} are not available`);
  if (!settlement.hasRewards) return fail(400, "Attestation rewards of Phase 0 are not supported");
  const wanted = Array.isArray(call.json) && call.json.length > 0 ? indicesOfIds(call.json, call) : undefined;
  const fork = forkNameAt(chain.forks, epoch + 1);
  const most = forkRules(fork).hasCompounding ? maxEffectiveCompounding : maxEffective;
  const rows =
    node.quirks.idealRewards === "all" || !wanted
      ? Array.from({ length: most }, (_, step) => step + 1)
      : [...new Set(wanted.map((index) => settlement.effective[index] ?? 0))].sort((a, b) => a - b);
  const total = listPieces(totalRewards(wanted ?? allIndices(chain.validators.count), settlement, call));
  return {
    status: 200,
    json: aboutSlot(sight, lastSlot),
    rawData: [
      Buffer.from(
        `{"ideal_rewards":${JSON.stringify(rows.map((row) => idealRewards(settlement, row)))},"total_rewards":`,
      ),
      ...total,
      Buffer.from("}"),
    ],
  };
}

function idealRewards(settlement: Settlement, effective: number): unknown {
  const part = (flag: 0 | 1 | 2) => String(settlement.isLeaking ? 0 : idealPart(settlement, effective, flag));
  return {
    effective_balance: String(effective * increment),
    head: part(2),
    target: part(1),
    source: part(0),
    inactivity: "0",
  };
}

function* totalRewards(indices: Iterable<number>, settlement: Settlement, { node }: RouteCall): Iterable<unknown> {
  const { validators } = node.chain;
  const { epochsPerSlashingsVector } = node.preset;
  const nothing = { head: 0, target: 0, source: 0, inactivity: 0 };
  for (const index of indices) {
    const life = validators.life(index);
    const slashedEpoch = settlement.slashed.get(index);
    const isEligible =
      (life.activationEpoch <= settlement.epoch && settlement.epoch < life.exitEpoch) ||
      (slashedEpoch !== undefined &&
        settlement.epoch + 1 < withdrawableEpoch(life, slashedEpoch, epochsPerSlashingsVector));
    const { head, target, source, inactivity } = isEligible ? earningsOf(settlement, index) : nothing;
    yield {
      validator_index: String(index),
      head: String(head),
      target: String(target),
      source: String(source),
      inactivity: String(inactivity),
    };
  }
}

function syncRewards(call: RouteCall, block: SimBlock): Reply {
  const { chain } = call.node;
  if (!forkRules(block.fork).hasParticipationFlags) return fail(400, "Phase 0 has no sync committee");
  if (call.json !== undefined && !Array.isArray(call.json)) return fail(400, "Body must be a list of validators");
  const earned = new Map<number, number>();
  if (block.slot > chain.firstSlot) {
    const bits = chain.syncBits(block);
    for (const [seat, index] of chain.syncCommittee(chain.epochOf(block.slot)).entries()) {
      const reward = bits[seat] ? block.effects.syncReward : -block.effects.syncReward;
      earned.set(index, (earned.get(index) ?? 0) + reward);
    }
  }
  const wanted = Array.isArray(call.json) && call.json.length > 0 ? new Set(indicesOfIds(call.json, call)) : undefined;
  const data = [...earned]
    .filter(([index]) => !wanted || wanted.has(index))
    .map(([index, reward]) => ({ validator_index: String(index), reward: String(reward) }));
  return okAbout(call.sight, block.slot, data);
}

function blockRewards({ sight }: RouteCall, block: SimBlock): Reply {
  if (!forkRules(block.fork).hasParticipationFlags) return fail(400, "Block rewards of Phase 0 are not supported");
  const { attestations, syncAggregate, proposerSlashings, attesterSlashings } = block.effects;
  return okAbout(sight, block.slot, {
    proposer_index: String(block.proposerIndex),
    total: String(attestations + syncAggregate + proposerSlashings + attesterSlashings),
    attestations: String(attestations),
    sync_aggregate: String(syncAggregate),
    proposer_slashings: String(proposerSlashings),
    attester_slashings: String(attesterSlashings),
  });
}

/** Rewards come out of the state before the block. */
function withBlock(call: RouteCall, handle: (call: RouteCall, block: SimBlock) => Reply): Reply {
  const block = findBlock(call.params["block_id"] ?? "", call.sight, call.node);
  if (!block.ok) return block.reply;
  if (isPruned(block.value.slot, call.sight, call.node)) return fail(404, "State of the block is not available");
  return handle(call, block.value);
}
