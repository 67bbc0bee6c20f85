import type { ChainPairs } from "./chain-pairs.ts";
import type { SourceListing } from "./merge-sources.ts";
import type { ListedValidator } from "./sources/reading.ts";
import type { KeyConflict } from "./validator.ts";
import { validatorName } from "./validator-key.ts";

/** One line of one source. */
export interface Claim {
  listing: SourceListing;
  entry: ListedValidator;
  /** Counts all lines of all sources. */
  line: number;
}

/** One validator and everybody who listed it, in the order of the sources. */
export interface Identified {
  pubkey: string | undefined;
  index: number | undefined;
  claims: Claim[];
}

/**
 * Finds which lines speak of one validator. The key decides; an index written beside it is believed where the chain does
 * not contradict and nobody else claims it, and a line with an index alone joins the key that has this index.
 */
export function identify(
  listings: readonly SourceListing[],
  chain: ChainPairs,
  maxEntries: number,
): { entries: Identified[]; conflicts: KeyConflict[]; dropped: number } {
  const byKey = new Map<string, Identified>();
  const byIndexOnly = new Map<number, Identified>();
  let dropped = 0;
  let line = 0;
  for (const listing of listings)
    for (const entry of listing.validators) {
      const { index } = entry;
      const claim = { listing, entry, line: line++ };
      const pubkey = entry.pubkey ?? (index === undefined ? undefined : chain.pubkeyOf(index));
      const known = pubkey !== undefined ? byKey.get(pubkey) : index !== undefined ? byIndexOnly.get(index) : undefined;
      if (known) known.claims.push(claim);
      else if (byKey.size + byIndexOnly.size >= maxEntries) dropped += 1;
      else if (pubkey !== undefined) byKey.set(pubkey, { pubkey, index: undefined, claims: [claim] });
      else if (index !== undefined) byIndexOnly.set(index, { pubkey, index, claims: [claim] });
    }
  const { conflicts, owners } = settleIndices([...byKey.values()], chain);
  for (const [index, alone] of byIndexOnly) {
    const owner = owners.get(index);
    if (!owner) continue;
    owner.claims = [...owner.claims, ...alone.claims].sort((a, b) => a.line - b.line);
    byIndexOnly.delete(index);
  }
  return { entries: [...byKey.values(), ...byIndexOnly.values()], conflicts, dropped };
}

/** Gives each key its index, and tells of those that are claimed twice or against the chain. */
function settleIndices(
  entries: readonly Identified[],
  chain: ChainPairs,
): { conflicts: KeyConflict[]; owners: ReadonlyMap<number, Identified> } {
  const conflicts: KeyConflict[] = [];
  const claimants = new Map<number, Identified[]>();
  for (const entry of entries) {
    const told = chain.indexOf(entry.pubkey ?? "");
    const claims = indexClaims(entry);
    const other = claims.find(({ index }) => index !== claims[0]?.index);
    const stranger = claims.find(({ index }) => told === undefined && chain.pubkeyOf(index) !== undefined);
    const contradicted = told !== undefined && claims.some(({ index }) => index !== told);
    if (other || stranger || contradicted) {
      const said =
        told !== undefined
          ? String(told)
          : stranger && `${stranger.index} is ${chain.pubkeyOf(stranger.index) ?? "another key"}`;
      conflicts.push({
        validator: validatorName(entry),
        label: "index",
        claims: [
          ...claims.map(({ source, index }) => ({ source, value: String(index) })),
          ...(said === undefined ? [] : [{ source: "chain", value: said }]),
        ],
      });
    }
    entry.index = told ?? (other || stranger ? undefined : claims[0]?.index);
    if (entry.index === undefined) continue;
    const together = claimants.get(entry.index);
    if (together) together.push(entry);
    else claimants.set(entry.index, [entry]);
  }
  const owners = new Map<number, Identified>();
  for (const [index, together] of claimants) {
    const [first] = together;
    if (together.length === 1 && first) owners.set(index, first);
    else {
      conflicts.push({
        validator: `#${index}`,
        label: "pubkey",
        claims: together.flatMap((entry) =>
          indexClaims(entry).map(({ source }) => ({ source, value: entry.pubkey ?? "" })),
        ),
      });
      for (const entry of together) entry.index = undefined;
    }
  }
  return { conflicts, owners };
}

/** Indices that lines give to their own key, each once for a source. */
function indexClaims({ pubkey, claims }: Identified): { source: string; index: number }[] {
  const found: { source: string; index: number }[] = [];
  for (const { listing, entry } of claims) {
    const { index } = entry;
    if (entry.pubkey !== pubkey || index === undefined) continue;
    const source = listing.source.name;
    if (!found.some((claim) => claim.source === source && claim.index === index)) found.push({ source, index });
  }
  return found;
}
