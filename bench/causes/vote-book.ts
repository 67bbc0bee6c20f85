import type { DutyScript } from "../../src/sim/chain/duty-script.ts";
import type { SimChain } from "../../src/sim/chain/types.ts";
import type { SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";

/** Aggregates are made at two thirds of the slot: a vote that comes later waits for the block after the next. */
const aggregateShare = 2 / 3;
const attestationShare = 1 / 3;

interface TakenVote {
  /** Of the slot that it is for. */
  share: number;
  headRoot: string;
}

/**
 * Makes the simulated chain lose what was not submitted: our validators' votes are in blocks only as far as a node with
 * peers took them in time, and for the head that they named. Everybody else always votes well.
 */
export interface VoteBook {
  duties: DutyScript;
  /** Blocks of these slots come so late, ms. */
  lateSlots: Map<number, number>;
  open(chain: SimChain, nodes: () => readonly SimBeaconNode[]): void;
  /** What a validator's taken vote of a slot named. */
  headOf(index: number, slot: number): string | undefined;
}

export function createVoteBook(own: number): VoteBook {
  const taken = new Map<string, TakenVote>();
  const decided = new Map<string, ReturnType<NonNullable<DutyScript["attestation"]>>>();
  const lateSlots = new Map<number, number>();
  const read = new Set<number>();
  let chain: SimChain | undefined;
  let nodes: () => readonly SimBeaconNode[] = () => [];
  /** Slots of before the bench: everybody voted well. */
  let firstSlot = Infinity;

  function readNodes(sim: SimChain): void {
    for (const node of nodes()) {
      // Not `sight`: that would look at the very block that is being made.
      const hasPeers = node.faults().every(({ kind }) => kind !== "peers-zero");
      for (const { at, status, json } of node.received({ method: "POST", path: "/pool/attestations" })) {
        if (status !== 200 || !hasPeers || !Array.isArray(json)) continue;
        for (const item of json as SingleAttestation[]) {
          const slot = Number(item.data.slot);
          const key = `${slot}/${item.attester_index}`;
          const share = (at - sim.startOfSlot(slot)) / sim.slotDurationMs;
          if ((taken.get(key)?.share ?? Infinity) > share)
            taken.set(key, { share, headRoot: item.data.beacon_block_root });
        }
      }
      node.clearReceived();
    }
  }

  function seenRoot(sim: SimChain, slot: number): string {
    const head = sim.headAt(slot);
    const isLate = head.slot === slot && (lateSlots.get(slot) ?? 0) > attestationShare * sim.slotDurationMs;
    return isLate ? head.parentRoot : head.root;
  }

  function decide(sim: SimChain, index: number, slot: number) {
    const vote = taken.get(`${slot}/${index}`);
    // A block for another branch's vote, or after the next one has been made: nobody includes it.
    if (!vote || !isOfChain(sim, vote.headRoot, slot)) return { attests: false };
    return {
      ...(vote.share > aggregateShare && { lateSlots: 1 }),
      ...(vote.headRoot !== seenRoot(sim, slot) && { wrongHead: true }),
    };
  }

  return {
    lateSlots,
    duties: {
      attestation(index, slot) {
        if (!chain || index >= own || slot < firstSlot) return undefined;
        if (!read.has(slot)) {
          read.add(slot);
          readNodes(chain);
        }
        const key = `${slot}/${index}`;
        if (!decided.has(key)) decided.set(key, decide(chain, index, slot));
        return decided.get(key);
      },
      proposal(_index, slot) {
        const lateMs = lateSlots.get(slot);
        return lateMs === undefined ? undefined : { lateMs };
      },
    },
    open(sim, list) {
      chain = sim;
      nodes = list;
      firstSlot = sim.slotAt(Date.now()) + 1;
    },
    headOf: (index, slot) => taken.get(`${slot}/${index}`)?.headRoot,
  };
}

function isOfChain(chain: SimChain, root: string, slot: number): boolean {
  for (let at = slot; at > slot - 4 * chain.slotsPerEpoch; at--) if (chain.blockAt(at)?.root === root) return true;
  return false;
}

export interface SingleAttestation {
  committee_index: string;
  attester_index: string;
  data: { slot: string; beacon_block_root: string; [name: string]: unknown };
  signature: string;
}
