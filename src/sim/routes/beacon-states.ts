import type { Checkpoint } from "../../chain/types.ts";
import { toHex, hashParts } from "../hash.ts";
import { findState, type FoundState } from "../node/block-ids.ts";
import { aboutSlot, fail, okAbout } from "../node/reply.ts";
import { syncCommitteeSubnets } from "../preset.ts";
import type { Reply, RouteCall, SimRoute } from "../node/types.ts";
import { networkForks } from "./config.ts";
import { forkNameAt } from "../chain/fork-schedule.ts";
import { forkRules } from "../chain/fork-rules.ts";
import { committeesJson } from "./committees-json.ts";
import { listBalances, listIdentities, listValidators, oneValidator } from "./validators.ts";

const state = "/eth/v1/beacon/states/{state_id}";

export const stateRoutes: readonly SimRoute[] = [
  {
    method: "GET",
    path: `${state}/root`,
    handle: withState((_call, { block, slot }) => ({
      root: slot === block.slot ? block.stateRoot : toHex(hashParts(block.stateRoot, slot)),
    })),
  },
  {
    method: "GET",
    path: `${state}/fork`,
    handle: withState((call, { slot }) => {
      const forks = networkForks(call);
      const epoch = call.node.chain.epochOf(slot);
      const position = forks.findLastIndex((fork) => fork.epoch <= epoch);
      const current = forks[position];
      return {
        previous_version: (forks[position - 1] ?? current)?.version,
        current_version: current?.version,
        epoch: String(current?.epoch ?? 0),
      };
    }),
  },
  {
    method: "GET",
    path: `${state}/finality_checkpoints`,
    handle: withState((call, { block, slot }) => {
      const light = call.sight.view.frozenFinality ?? call.node.chain.stateAt(block, slot);
      const anchorEpoch = call.node.chain.epochOf(call.node.chain.firstSlot);
      const tell = ({ epoch, root }: Checkpoint) => ({
        epoch: String(epoch),
        // Before the first justification a checkpoint's root is zero (consensus-specs).
        root: epoch === 0 && anchorEpoch === 0 ? `0x${"00".repeat(32)}` : root,
      });
      return {
        previous_justified: tell(light.previousJustified),
        current_justified: tell(light.justified),
        finalized: tell(light.finalized),
      };
    }),
  },
  { method: "GET", path: `${state}/validators`, handle: withReply(listValidators) },
  { method: "POST", path: `${state}/validators`, needs: "hasPostValidators", handle: withReply(listValidators) },
  { method: "GET", path: `${state}/validators/{validator_id}`, handle: withReply(oneValidator) },
  { method: "GET", path: `${state}/validator_balances`, handle: withReply(listBalances) },
  { method: "POST", path: `${state}/validator_balances`, needs: "hasPostValidators", handle: withReply(listBalances) },
  { method: "POST", path: `${state}/validator_identities`, needs: "hasIdentities", handle: withReply(listIdentities) },
  { method: "GET", path: `${state}/committees`, handle: withReply(committees) },
  { method: "GET", path: `${state}/proposer_lookahead`, handle: withReply(proposerLookahead) },
  {
    method: "GET",
    path: `${state}/sync_committees`,
    handle: withState(({ node, query }, { slot }) => {
      const epoch = Number(query.get("epoch") ?? node.chain.epochOf(slot));
      const members = node.chain.syncCommittee(epoch).map(String);
      const size = members.length / syncCommitteeSubnets;
      const aggregates = Array.from({ length: syncCommitteeSubnets }, (_, i) =>
        members.slice(i * size, (i + 1) * size),
      );
      return { validators: members, validator_aggregates: aggregates };
    }),
  },
];

function committees(call: RouteCall, found: FoundState): Reply {
  const { chain } = call.node;
  const own = chain.epochOf(found.slot);
  const epoch = Number(call.query.get("epoch") ?? own);
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > own + 1) return fail(400, "Epoch out of range of the state");
  const set = chain.committees(found.block, epoch);
  const { swapsCommitteeFields } = call.node.quirks;
  const rawData = committeesJson(set, epoch * chain.slotsPerEpoch, chain.slotsPerEpoch, swapsCommitteeFields, {
    slot: call.query.get("slot"),
    index: call.query.get("index"),
  });
  return { status: 200, json: aboutSlot(call.sight, found.slot), rawData };
}

/** Proposers of the state's epoch and the next, fixed since Fulu (EIP-7917). */
function proposerLookahead(call: RouteCall, found: FoundState): Reply {
  const { chain } = call.node;
  const epoch = chain.epochOf(found.slot);
  const fork = forkNameAt(chain.forks, epoch);
  if (!forkRules(fork).hasProposerLookahead) return fail(400, "Proposer lookahead is not supported before Fulu");
  const indices = Array.from({ length: 2 * chain.slotsPerEpoch }, (_, ahead) =>
    chain.proposerAt(found.block, epoch * chain.slotsPerEpoch + ahead),
  );
  return {
    ...okAbout(call.sight, found.slot, indices.map(String), { version: fork }),
    headers: { "eth-consensus-version": fork },
    ssz() {
      const bytes = Buffer.alloc(indices.length * 8);
      for (const [ahead, index] of indices.entries()) bytes.writeBigUInt64LE(BigInt(index), ahead * 8);
      return bytes;
    },
  };
}

function withReply(handle: (call: RouteCall, found: FoundState) => Reply): (call: RouteCall) => Reply {
  return (call) => {
    const found = findState(call.params["state_id"] ?? "", call.sight, call.node);
    return found.ok ? handle(call, found.value) : found.reply;
  };
}

function withState(data: (call: RouteCall, found: FoundState) => unknown): (call: RouteCall) => Reply {
  return withReply((call, found) => okAbout(call.sight, found.slot, data(call, found)));
}
