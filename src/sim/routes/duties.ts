import { fail, ok, syncingReply } from "../node/reply.ts";
import type { Reply, RouteCall, SimRoute } from "../node/types.ts";

export const dutyRoutes: readonly SimRoute[] = [
  { method: "POST", path: "/eth/v1/validator/duties/attester/{epoch}", handle: withEpoch(1, attesterDuties) },
  {
    method: "GET",
    path: "/eth/v1/validator/duties/proposer/{epoch}",
    handle: withEpoch(1, proposerDuties("proposer")),
  },
  {
    method: "GET",
    path: "/eth/v2/validator/duties/proposer/{epoch}",
    handle: withEpoch(1, proposerDuties("attester")),
  },
  { method: "POST", path: "/eth/v1/validator/duties/sync/{epoch}", handle: withEpoch(512, syncDuties) },
  {
    method: "POST",
    path: "/eth/v1/validator/liveness/{epoch}",
    handle: withEpoch(1, liveness),
  },
];

function attesterDuties(call: RouteCall, epoch: number): Reply {
  const { chain } = call.node;
  const { head } = call.sight;
  const wanted = new Set(indicesOf(call.json));
  const set = chain.committees(head, epoch);
  const data = [];
  for (let slotInEpoch = 0; slotInEpoch < chain.slotsPerEpoch; slotInEpoch++) {
    for (let committee = 0; committee < set.committeesPerSlot; committee++) {
      const members = set.members(slotInEpoch, committee);
      for (const [position, index] of members.entries()) {
        if (!wanted.has(index)) continue;
        data.push({
          pubkey: chain.validators.pubkey(index),
          validator_index: String(index),
          committee_index: String(committee),
          committee_length: String(members.length),
          committees_at_slot: String(set.committeesPerSlot),
          validator_committee_index: String(position),
          slot: String(epoch * chain.slotsPerEpoch + slotInEpoch),
        });
      }
    }
  }
  return ok(data, {
    dependent_root: chain.dependentRoot(head, epoch, "attester"),
    execution_optimistic: call.sight.view.isOptimistic,
  });
}

/** v2 names the root that decides proposers since Fulu, which is the attesters' (EIP-7917). */
function proposerDuties(dependent: "attester" | "proposer") {
  return ({ node: { chain }, sight }: RouteCall, epoch: number): Reply => {
    const data = Array.from({ length: chain.slotsPerEpoch }, (_, slotInEpoch) => {
      const slot = epoch * chain.slotsPerEpoch + slotInEpoch;
      const index = chain.proposerAt(sight.head, slot);
      return { pubkey: chain.validators.pubkey(index), validator_index: String(index), slot: String(slot) };
    });
    return ok(data, {
      dependent_root: chain.dependentRoot(sight.head, epoch, dependent),
      execution_optimistic: sight.view.isOptimistic,
    });
  };
}

function syncDuties(call: RouteCall, epoch: number): Reply {
  const { chain } = call.node;
  const seats = new Map<number, string[]>();
  for (const [position, index] of chain.syncCommittee(epoch).entries()) {
    seats.set(index, [...(seats.get(index) ?? []), String(position)]);
  }
  const data = indicesOf(call.json).flatMap((index) => {
    const positions = seats.get(index);
    return positions
      ? [
          {
            pubkey: chain.validators.pubkey(index),
            validator_index: String(index),
            validator_sync_committee_indices: positions,
          },
        ]
      : [];
  });
  return ok(data, { execution_optimistic: call.sight.view.isOptimistic });
}

/** Checks the epoch: duties are known at most `epochsAhead` ahead of the node's clock. */
function withEpoch(epochsAhead: number, handle: (call: RouteCall, epoch: number) => Reply): (call: RouteCall) => Reply {
  return (call) => {
    if (call.sight.isSyncing) return syncingReply;
    const epoch = Number(call.params["epoch"]);
    const current = call.node.chain.epochOf(Math.max(0, call.sight.slot));
    if (!Number.isInteger(epoch) || epoch < 0) return fail(400, "Invalid epoch");
    if (epoch > current + epochsAhead) return fail(400, `Epoch ${epoch} is too far in the future, now is ${current}`);
    if (call.body.length > 0 && !Array.isArray(call.json)) return fail(400, "Body must be a list of validator indices");
    return handle(call, epoch);
  };
}

export function indicesOf(json: unknown): number[] {
  return Array.isArray(json) ? (json as unknown[]).map(Number).filter((index) => Number.isSafeInteger(index)) : [];
}

/** Who has a vote of the epoch on this node's chain: the best that is known soon after. */
function liveness(call: RouteCall, epoch: number): Reply {
  const { chain } = call.node;
  const { head, slot } = call.sight;
  const ledger = chain.ledgerAt(head, Math.max(head.slot, slot));
  if (epoch < ledger.epoch - 1)
    return fail(400, `Liveness of epoch ${epoch} is no longer known, now is ${ledger.epoch}`);
  const flags = epoch === ledger.epoch ? ledger.current : epoch < ledger.epoch ? ledger.previous : undefined;
  return ok(indicesOf(call.json).map((index) => ({ index: String(index), is_live: (flags?.[index] ?? 0) > 0 })));
}
