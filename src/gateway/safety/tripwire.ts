import type { TripwireRefusal } from "../../control/types.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Network } from "../../upstream/types.ts";
import type { AttestationItems } from "./vote.ts";
import type { SignedBlock } from "./signed-block.ts";
import { createVoteMemory } from "./vote-memory.ts";

/** Items of a pool submission that must not be published, by index. */
export type RefusedItems = ReadonlyMap<number, TripwireRefusal["kind"]>;

/**
 * Refuses what can be seen to be slashable (consensus-specs, `is_slashable_attestation_data` and proposer slashings).
 * It remembers two epochs, in memory. The validator client's own slashing protection stays the protection.
 */
export interface Tripwire {
  /** The items that must not be published; the others are remembered from now on. */
  checkVotes(items: AttestationItems, client: string): RefusedItems;
  /** True where the block must not be published; else it is remembered. */
  checkBlock(block: SignedBlock, client: string): boolean;
}

export interface TripwireParts {
  clock: Clock;
  network: () => Network | undefined;
  onRefused: (refusal: TripwireRefusal) => void;
  /** Votes, and blocks, that are remembered at most. */
  maxVotes?: number;
  maxBlocks?: number;
}

const none: RefusedItems = new Map();

export function createTripwire(parts: TripwireParts): Tripwire {
  const { clock, network, onRefused, maxVotes = 600_000, maxBlocks = 1_024 } = parts;
  const votes = createVoteMemory(maxVotes);
  const blocks = new Map<string, { block: SignedBlock; at: number }>();

  /** Two epochs in ms; mainnet's until the network is known. */
  function keepMs(): number {
    const spec = network()?.spec;
    return 2 * (spec ? spec.slotsPerEpoch * spec.slotDurationMs : 32 * 12_000);
  }

  return {
    checkVotes(items, client) {
      const now = clock.now();
      votes.forget(now - keepMs());
      let refused: Map<number, TripwireRefusal["kind"]> | undefined;
      for (const [index, vote] of items.votes.entries()) {
        if (vote === undefined) continue;
        const kind = votes.check(vote);
        if (kind === undefined) {
          votes.add(vote, now);
          continue;
        }
        (refused ??= new Map()).set(index, kind);
        onRefused({ at: now, kind, validatorIndex: vote.validatorIndex, slot: vote.slot, client });
      }
      return refused ?? none;
    },
    checkBlock(block, client) {
      const now = clock.now();
      const oldest = now - keepMs();
      for (const [key, { at }] of blocks) {
        if (at >= oldest && blocks.size <= maxBlocks) break;
        blocks.delete(key);
      }
      const key = `${block.slot}/${block.proposerIndex}`;
      const known = blocks.get(key)?.block;
      if (known === undefined) {
        blocks.set(key, { block, at: now });
        return false;
      }
      if (isSameBlock(known, block)) return false;
      const validatorIndex = Number(block.proposerIndex);
      onRefused({ at: now, kind: "double-proposal", validatorIndex, slot: Number(block.slot), client });
      return true;
    },
  };
}

function isSameBlock(a: SignedBlock, b: SignedBlock): boolean {
  return (
    a.signature === b.signature &&
    a.parentRoot === b.parentRoot &&
    a.stateRoot === b.stateRoot &&
    (a.form !== b.form || a.digest === b.digest)
  );
}
