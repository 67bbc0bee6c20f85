import type { PublishedItems, PublishedVote, Signer } from "../../control/types.ts";
import type { ItemFailure } from "../policies/merge-failures.ts";

/** What one request published, for its evidence record. */
export interface Published {
  items: PublishedItems;
  /** Who signed the item at this place of the client's body; `undefined`: not known. */
  signerAt(index: number): Signer | undefined;
}

/** Signers that one record names, and different votes among them. A client with more keys sends them in several requests. */
export const mostSigners = 16_384;
const mostVotes = 64;
/** Refused items that one record names, and of each so many letters. */
const mostRefused = 64;
const mostLetters = 200;

type Vote = { -readonly [K in keyof PublishedVote]: PublishedVote[K] } & { signers: Signer[] };

/** Collects items by what they say. */
export interface Listing {
  /** `key`: items with the same one say the same; `make` is asked once for each. */
  add(key: string, make: () => Omit<PublishedVote, "signers">, signers: readonly Signer[]): void;
  /** An item that cannot be read. */
  skip(): void;
  done(kind: PublishedItems["kind"]): PublishedItems;
}

export function createListing(): Listing {
  const votes = new Map<string, Vote>();
  let [lastKey, last]: [string, Vote | undefined] = ["", undefined];
  let listed = 0;
  let unlisted = 0;

  function find(key: string, make: () => Omit<PublishedVote, "signers">): Vote | undefined {
    // One client's items of a slot say the same as a rule.
    if (last && key === lastKey) return last;
    const known = votes.get(key);
    if (known) return known;
    if (votes.size >= mostVotes) return undefined;
    const vote: Vote = { ...make(), signers: [] };
    votes.set(key, vote);
    return vote;
  }

  return {
    add(key, make, signers) {
      const vote = listed + signers.length > mostSigners ? undefined : find(key, make);
      if (!vote) return void unlisted++;
      [lastKey, last] = [key, vote];
      for (const signer of signers) vote.signers.push(signer);
      listed += signers.length;
    },
    skip: () => void unlisted++,
    done: (kind) => ({ kind, votes: [...votes.values()], unlisted }),
  };
}

/** The refused items with their signers, as far as they are known. */
export function refusedItems(
  { signerAt }: Pick<Published, "signerAt">,
  failures: readonly ItemFailure[],
): NonNullable<PublishedItems["refused"]> {
  const refused: { signer: Signer; words: string }[] = [];
  for (const { index, message } of failures) {
    const signer = signerAt(index);
    if (signer !== undefined && refused.length < mostRefused)
      refused.push({ signer, words: message.slice(0, mostLetters) });
  }
  return refused;
}
