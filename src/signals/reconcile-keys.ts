import type { FleetValidator } from "../fleet/validator.ts";
import type { KeyReconciliation } from "./key-reconciliation.ts";

/** A validator client or signer, and what it said that it holds. */
export interface KeyPlace {
  /** The value of the label `validatorClient` or `signer` that expects keys there. */
  place: string;
  kind: KeyReconciliation["kind"];
  /** The source of the inventory that this place is, where it is one: its own listing is no expectation. */
  source: string | undefined;
  /** The source whose validators belong there, where no label says it. */
  listedBy?: string;
  checkedAt: number | undefined;
  /** Each key, and whether the place has it itself or asks a signer. `undefined`: it tells no keys. */
  keys: ReadonlyMap<string, "local" | "remote"> | undefined;
  /** How many it has loaded, where it tells only that. */
  count: number | undefined;
  error?: KeyReconciliation["error"];
}

/** Status of a key as beacon-APIs names it; `undefined` where nobody asked or the chain does not know it. */
export type StatusOf = (pubkey: string) => string | undefined;

const maxExamples = 20;

/**
 * Holds every place against the inventory. A key is expected where its labels say so, if any source other than the place
 * itself lists it; where no other source lists anybody for the place, what the place listed before is expected. A
 * validator that has left the chain may be loaded but need not be. Doubled is a key that two validator clients have, or
 * one that a validator client has itself although a signer has it as well.
 */
export function reconcileKeys(
  validators: readonly FleetValidator[],
  places: readonly KeyPlace[],
  statusOf: StatusOf,
): KeyReconciliation[] {
  const holders = holdersOf(places);
  const byLabel = { "validator-client": groupBy(validators, "validatorClient"), signer: groupBy(validators, "signer") };
  return places.map((place): KeyReconciliation => {
    const { listedBy } = place;
    const listed =
      listedBy === undefined
        ? (byLabel[place.kind].get(place.place) ?? [])
        : validators.filter(({ sources }) => sources.includes(listedBy));
    const byOthers = listed.filter(({ sources }) => sources.some((name) => name !== place.source));
    const hasExpectation = byOthers.length > 0;
    const expected = hasExpectation ? byOthers : listed;
    const needed = expected.filter(({ pubkey }) => isNeeded(pubkey, statusOf));
    const allowed = new Set(expected.map(({ pubkey }) => pubkey));
    const { keys } = place;
    // Without its key (the chain has not told it yet) a validator cannot be looked for.
    const missing = keys
      ? needed.flatMap(({ pubkey }) => (pubkey !== undefined && !keys.has(pubkey) ? pubkey : []))
      : [];
    const unexpected = keys && hasExpectation ? [...keys.keys()].filter((pubkey) => !allowed.has(pubkey)) : [];
    const doubled = keys ? [...keys.keys()].filter((pubkey) => holders.get(pubkey)?.isDoubled) : [];
    return {
      place: place.place,
      kind: place.kind,
      checkedAt: place.checkedAt,
      expected: needed.length,
      loaded: keys ? keys.size : place.count,
      missing: examples(missing),
      unexpected: examples(unexpected),
      doubled: examples(doubled).map((pubkey) => ({
        pubkey,
        places: (holders.get(pubkey)?.places ?? []).filter((name) => name !== place.place),
      })),
      counts: { missing: missing.length, unexpected: unexpected.length, doubled: doubled.length },
      ...(place.error && { error: place.error }),
    };
  });
}

function groupBy(validators: readonly FleetValidator[], label: string): ReadonlyMap<string, readonly FleetValidator[]> {
  const groups = new Map<string, FleetValidator[]>();
  for (const validator of validators) {
    const value = validator.labels[label];
    if (value === undefined) continue;
    const group = groups.get(value);
    if (group) group.push(validator);
    else groups.set(value, [validator]);
  }
  return groups;
}

interface Holders {
  places: string[];
  isDoubled: boolean;
}

function holdersOf(places: readonly KeyPlace[]): ReadonlyMap<string, Holders> {
  const found = new Map<string, { places: string[]; clients: number; locals: number; signers: number }>();
  for (const { place, kind, keys } of places)
    for (const [pubkey, held] of keys ?? []) {
      let holder = found.get(pubkey);
      if (!holder) found.set(pubkey, (holder = { places: [], clients: 0, locals: 0, signers: 0 }));
      holder.places.push(place);
      if (kind === "signer") holder.signers += 1;
      else holder.clients += 1;
      if (kind === "validator-client" && held === "local") holder.locals += 1;
    }
  return new Map(
    [...found].map(([pubkey, { places: names, clients, locals, signers }]) => [
      pubkey,
      { places: names, isDoubled: clients > 1 || (locals > 0 && signers > 0) },
    ]),
  );
}

/** Deposits that are not yet certain to be activated, and validators that have left, sign nothing. */
function isNeeded(pubkey: string | undefined, statusOf: StatusOf): boolean {
  const status = pubkey === undefined ? undefined : statusOf(pubkey);
  return status === undefined || !/^(pending_initialized|exited|withdrawal)/.test(status);
}

function examples(keys: readonly string[]): string[] {
  return keys.toSorted().slice(0, maxExamples);
}
