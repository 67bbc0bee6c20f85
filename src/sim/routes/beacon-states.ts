import type { Checkpoint } from "../../chain/types.ts";
import { toHex, hashParts } from "../hash.ts";
import { findState, type FoundState } from "../node/block-ids.ts";
import { fail, okAbout } from "../node/reply.ts";
import { syncCommitteeSubnets } from "../preset.ts";
import type { Reply, RouteCall, SimRoute } from "../node/types.ts";
import { networkForks } from "./config.ts";
import { listValidators, oneValidator } from "./validators.ts";

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
  { method: "POST", path: `${state}/validators`, handle: withReply(listValidators) },
  { method: "GET", path: `${state}/validators/{validator_id}`, handle: withReply(oneValidator) },
  { method: "GET", path: `${state}/committees`, handle: withReply(committees) },
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
  const wantedSlot = call.query.get("slot");
  const wantedIndex = call.query.get("index");
  const data = [];
  for (let slotInEpoch = 0; slotInEpoch < chain.slotsPerEpoch; slotInEpoch++) {
    const slot = String(epoch * chain.slotsPerEpoch + slotInEpoch);
    if (wantedSlot !== null && wantedSlot !== slot) continue;
    for (let index = 0; index < set.committeesPerSlot; index++) {
      if (wantedIndex !== null && wantedIndex !== String(index)) continue;
      data.push({ index: String(index), slot, validators: Array.from(set.members(slotInEpoch, index), String) });
    }
  }
  return okAbout(call.sight, found.slot, data);
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
