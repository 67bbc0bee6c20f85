import type { TripwireRefusal } from "../../control/types.ts";
import type { Vote } from "./vote.ts";

/** Votes by target epoch and signer, as little as is needed to see a slashable pair. */
export interface VoteMemory {
  /** How this vote and one that is remembered are slashable, or `undefined`. */
  check(vote: Vote): Exclude<TripwireRefusal["kind"], "double-proposal"> | undefined;
  add(vote: Vote, now: number): void;
  /** Forgets epochs for which nothing came since then. */
  forget(before: number): void;
  readonly size: number;
}

interface Epoch {
  target: number;
  touchedAt: number;
  /** Number of the vote's data by signer: many sign the same data, so that its text is kept once. */
  bySigner: Map<string | number, number>;
  numbers: Map<string, number>;
  sources: number[];
}

/** More epochs than that have votes only if somebody plays; the one that was silent the longest goes. */
const maxEpochs = 8;

export function createVoteMemory(maxVotes: number): VoteMemory {
  const epochs = new Map<number, Epoch>();
  let size = 0;

  function drop(epoch: Epoch): void {
    epochs.delete(epoch.target);
    size -= epoch.bySigner.size;
  }

  function open(target: number, now: number): Epoch {
    const known = epochs.get(target);
    if (known) return known;
    if (epochs.size >= maxEpochs) drop([...epochs.values()].reduce((a, b) => (b.touchedAt < a.touchedAt ? b : a)));
    const epoch: Epoch = { target, touchedAt: now, bySigner: new Map(), numbers: new Map(), sources: [] };
    epochs.set(target, epoch);
    return epoch;
  }

  return {
    check(vote) {
      const same = epochs.get(vote.targetEpoch);
      const number = same?.numbers.get(vote.data);
      for (const signer of vote.signers) {
        const before = same?.bySigner.get(signer);
        if (before !== undefined && before !== number) return "double-vote";
      }
      // Positions in committees name another validator in each epoch: only an index can be followed across epochs.
      if (vote.validatorIndex === undefined) return undefined;
      const signer = vote.validatorIndex;
      for (const epoch of epochs.values()) {
        const before = epoch.bySigner.get(signer);
        const source = before === undefined ? undefined : epoch.sources[before];
        if (source === undefined) continue;
        const isAround = source < vote.sourceEpoch && vote.targetEpoch < epoch.target;
        const isWithin = vote.sourceEpoch < source && epoch.target < vote.targetEpoch;
        if (isAround || isWithin) return "surround-vote";
      }
      return undefined;
    },
    add(vote, now) {
      const epoch = open(vote.targetEpoch, now);
      epoch.touchedAt = now;
      let number = epoch.numbers.get(vote.data);
      if (number === undefined) {
        if (size >= maxVotes) return;
        number = epoch.sources.push(vote.sourceEpoch) - 1;
        epoch.numbers.set(vote.data, number);
      }
      for (const signer of vote.signers) {
        if (epoch.bySigner.has(signer) || size >= maxVotes) continue;
        epoch.bySigner.set(signer, number);
        size++;
      }
    },
    forget(before) {
      for (const epoch of epochs.values()) if (epoch.touchedAt < before) drop(epoch);
    },
    get size() {
      return size;
    },
  };
}
