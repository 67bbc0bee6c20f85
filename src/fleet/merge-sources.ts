import { identify, type Claim, type Identified } from "./identify.ts";
import type { ChainPairs } from "./chain-pairs.ts";
import { completeLabels } from "./complete-labels.ts";
import type { Labels, ListedValidator } from "./sources/reading.ts";
import type { FleetValidator, KeyConflict } from "./validator.ts";
import { validatorName } from "./validator-key.ts";
import { isObserved, type FleetHost, type ValidatorSource } from "./validator-sources.ts";

/** Labels that say whose a validator is or who signs for it: two values of one of them are a conflict. */
export const ownerLabels = ["customer", "operator", "owner", "validatorClient"] as const;

/** What one source listed when it was last read well. */
export interface SourceListing {
  source: Pick<ValidatorSource, "name" | "kind" | "labels">;
  validators: readonly ListedValidator[];
}

export interface MergedSources {
  /** By index; whoever has none comes after, by key. */
  validators: readonly FleetValidator[];
  /** The most dangerous first, at most 1,000; `conflictCount` counts all. */
  conflicts: readonly KeyConflict[];
  conflictCount: number;
  /** Listed, but beyond the bound. */
  dropped: number;
}

export const maxValidators = 2_000_000;
const maxConflicts = 1_000;

/**
 * One inventory of all sources. Entries of one key or one index are one validator. Of labels that differ, what an operator
 * wrote (list, text, csv, postgres) wins over what a client or signer reveals, then the source that is configured first,
 * then the first line. Labels of owners that differ, and one key in two validator clients, are conflicts.
 */
export function mergeSources(
  listings: readonly SourceListing[],
  chain: ChainPairs,
  hosts: readonly FleetHost[],
): MergedSources {
  const inOrder = listings
    .filter(({ source }) => !isObserved(source))
    .concat(listings.filter(({ source }) => isObserved(source)));
  const { entries, conflicts, dropped } = identify(inOrder, chain, maxValidators);
  const combine = labelCombiner(hosts);
  const validators = entries.map((entry): FleetValidator => {
    conflicts.push(...ownerConflicts(entry));
    const { pubkey, index, claims } = entry;
    return { pubkey, index, labels: combine(claims), sources: sourcesOf(claims) };
  });
  validators.sort(byIndexThenKey);
  conflicts.sort((a, b) => danger(b) - danger(a) || compare(a.validator, b.validator) || compare(a.label, b.label));
  return { validators, conflicts: conflicts.slice(0, maxConflicts), conflictCount: conflicts.length, dropped };
}

/** Labels of a claim: its row's, then its source's, then what its kind means. */
function claimLabels({ listing, entry }: Claim): readonly Labels[] {
  return [entry.labels, listing.source.labels, kindLabels(listing.source)];
}

/** A validator client is named by its source, unless its labels say otherwise; so is a signer. */
function kindLabels({ kind, name }: SourceListing["source"]): Labels {
  if (kind === "keymanager") return { validatorClient: name };
  return kind === "web3signer" ? { signer: name } : {};
}

function valueOf(claim: Claim, label: string): string | undefined {
  for (const labels of claimLabels(claim)) if (Object.hasOwn(labels, label)) return labels[label];
  return undefined;
}

function ownerConflicts(entry: Identified): KeyConflict[] {
  if (entry.claims.length < 2) return [];
  return ownerLabels.flatMap((label): KeyConflict[] => {
    const claims = entry.claims.flatMap((claim) => {
      const value = valueOf(claim, label);
      return value === undefined ? [] : [{ source: claim.listing.source.name, value }];
    });
    const holders = new Set(
      entry.claims
        .filter(({ listing }) => listing.source.kind === "keymanager")
        .map(({ listing }) => listing.source.name),
    );
    const isDoubled = label === "validatorClient" && holders.size > 1;
    const distinct = claims.filter(
      (claim, i) => claims.findIndex(({ source, value }) => source === claim.source && value === claim.value) === i,
    );
    if (!isDoubled && new Set(distinct.map(({ value }) => value)).size < 2) return [];
    return [{ validator: validatorName(entry), label, claims: distinct }];
  });
}

/** Names in the order of the claims, each once. */
function sourcesOf(claims: readonly Claim[]): readonly string[] {
  return [...new Set(claims.map(({ listing }) => listing.source.name))];
}

/** Makes one label object for all validators whose claims carry the same label objects. */
function labelCombiner(hosts: readonly FleetHost[]): (claims: readonly Claim[]) => Labels {
  const hostByName = new Map(hosts.map((host) => [host.name, host]));
  const ids = new Map<object, number>();
  const shared = new Map<string, Labels>();
  const idOf = (value: object): number => {
    const known = ids.get(value);
    if (known !== undefined) return known;
    ids.set(value, ids.size);
    return ids.size - 1;
  };
  return (claims) => {
    let key = "";
    for (const { listing, entry } of claims) key += `${idOf(listing)}:${idOf(entry.labels)} `;
    const known = shared.get(key);
    if (known) return known;
    const made: Record<string, string> = {};
    for (const labels of claims.flatMap(claimLabels))
      for (const [name, value] of Object.entries(labels)) if (!Object.hasOwn(made, name)) made[name] = value;
    const complete = completeLabels(made, hostByName);
    shared.set(key, complete);
    return complete;
  };
}

/** Two clients that sign with one key get it slashed; everything else is a wrong report. */
function danger({ label }: KeyConflict): number {
  return label === "validatorClient" ? 1 : 0;
}

function byIndexThenKey(a: FleetValidator, b: FleetValidator): number {
  if (a.index !== undefined && b.index !== undefined) return a.index - b.index;
  if (a.index !== undefined) return -1;
  if (b.index !== undefined) return 1;
  return compare(a.pubkey ?? "", b.pubkey ?? "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
