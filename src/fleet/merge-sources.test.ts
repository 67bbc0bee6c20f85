import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LearntPairs, noPairs, type ChainPairs } from "./chain-pairs.ts";
import { mergeSources, ownerLabels, type SourceListing } from "./merge-sources.ts";
import type { ListedValidator } from "./sources/reading.ts";
import type { ValidatorSource } from "./validator-sources.ts";

const key = (n: number) => `0x${n.toString(16).padStart(96, "0")}`;
const line = (pubkey: number | undefined, index?: number, labels: Record<string, string> = {}): ListedValidator => ({
  pubkey: pubkey === undefined ? undefined : key(pubkey),
  index,
  labels,
});

function listing(
  name: string,
  validators: ListedValidator[],
  kind: ValidatorSource["kind"] = "csv",
  labels: Record<string, string> = {},
): SourceListing {
  return { source: { name, kind, labels }, validators };
}

function pairsOf(...known: [number, number][]): LearntPairs {
  const pairs = new LearntPairs();
  for (const [pubkey, index] of known) pairs.add(key(pubkey), index);
  return pairs;
}

const merge = (listings: SourceListing[], chain: ChainPairs = noPairs) => mergeSources(listings, chain, []);

describe("lines of one validator are joined", () => {
  test("by key, and labels of a row win over those of its source", () => {
    const { validators, conflicts } = merge([
      listing("a", [line(1, undefined, { rack: "a3" })], "csv", { rack: "?", region: "fsn1" }),
      listing("b", [line(1, 5, { customer: "acme" })]),
    ]);
    const labels = { rack: "a3", region: "fsn1", customer: "acme" };
    expect(validators).toEqual([{ pubkey: key(1), index: 5, labels, sources: ["a", "b"] }]);
    expect(conflicts).toEqual([]);
  });

  test("by index, where a line or the chain says which key it is", () => {
    const byLine = merge([listing("a", [line(undefined, 5)]), listing("b", [line(1, 5)])]);
    const byChain = merge([listing("a", [line(undefined, 5)]), listing("b", [line(1)])], pairsOf([1, 5]));
    for (const { validators } of [byLine, byChain])
      expect(validators).toEqual([{ pubkey: key(1), index: 5, labels: {}, sources: ["a", "b"] }]);
    expect(merge([listing("a", [line(undefined, 5)])], pairsOf([1, 5])).validators[0]?.pubkey).toBe(key(1));
  });
});

describe("an index is never guessed", () => {
  test("two sources give a key different ones", () => {
    const listings = [listing("a", [line(1, 5)]), listing("b", [line(1, 6)])];
    const claims = [
      { source: "a", value: "5" },
      { source: "b", value: "6" },
    ];
    const { validators, conflicts } = merge(listings);
    expect(validators).toMatchObject([{ index: undefined }]);
    expect(conflicts).toEqual([{ validator: key(1), label: "index", claims }]);
    const known = merge(listings, pairsOf([1, 6]));
    expect(known.validators).toMatchObject([{ index: 6 }]);
    expect(known.conflicts).toMatchObject([{ claims: [...claims, { source: "chain", value: "6" }] }]);
  });

  test("two keys claim one index, or the index is a stranger's", () => {
    const twice = merge([listing("a", [line(1, 5), line(2, 5)])]);
    expect(twice.validators.map(({ index }) => index)).toEqual([undefined, undefined]);
    expect(twice.conflicts).toMatchObject([{ validator: "#5", label: "pubkey" }]);
    const strangers = merge([listing("a", [line(1, 5)])], pairsOf([9, 5]));
    expect(strangers.validators).toMatchObject([{ pubkey: key(1), index: undefined }]);
    expect(strangers.conflicts).toMatchObject([
      { claims: [{ source: "a" }, { source: "chain", value: `5 is ${key(9)}` }] },
    ]);
  });
});

describe("one key, two owners", () => {
  test.each(ownerLabels)("a label %s that differs is a conflict, and the source that comes first wins", (label) => {
    const { validators, conflicts } = merge([
      listing("a", [line(1, undefined, { [label]: "x" })]),
      listing("b", [line(1, undefined, { [label]: "y" })]),
    ]);
    expect(validators[0]?.labels).toEqual({ [label]: "x" });
    const claims = [
      { source: "a", value: "x" },
      { source: "b", value: "y" },
    ];
    expect(conflicts).toEqual([{ validator: key(1), label, claims }]);
  });

  test("another label that differs is none", () => {
    const listings = ["a", "b"].map((name) => listing(name, [line(1, undefined, { rack: name })]));
    expect(merge(listings).conflicts).toEqual([]);
  });

  test("a key in two validator clients is the first conflict, even where both are called the same", () => {
    const { conflicts } = merge([
      listing("a", [line(1, undefined, { customer: "x" }), line(1, undefined, { customer: "y" })]),
      listing("vc1", [line(1), line(2)], "keymanager", { validatorClient: "main" }),
      listing("vc2", [line(1)], "keymanager", { validatorClient: "main" }),
    ]);
    expect(conflicts.map(({ validator, label }) => [validator, label])).toEqual([
      [key(1), "validatorClient"],
      [key(1), "customer"],
    ]);
    expect(conflicts[0]?.claims.map(({ source }) => source)).toEqual(["vc1", "vc2"]);
  });

  test("what was written wins over what a client reveals, whatever comes first", () => {
    const { validators, conflicts } = merge([
      listing("vc1", [line(1)], "keymanager"),
      listing("a", [line(1, undefined, { validatorClient: "vc2" })]),
    ]);
    expect(validators[0]).toMatchObject({ labels: { validatorClient: "vc2" }, sources: ["a", "vc1"] });
    expect(conflicts).toMatchObject([{ label: "validatorClient" }]);
  });

  test("thousands of them are counted, and the first thousand kept", () => {
    const lines = (customer: string) => Array.from({ length: 1_500 }, (_, i) => line(i, undefined, { customer }));
    const { conflicts, conflictCount } = merge([listing("a", lines("x")), listing("b", lines("y"))]);
    expect([conflicts.length, conflictCount]).toEqual([1_000, 1_500]);
  });
});

test("provider and region come from the host, unless the validator has its own", () => {
  const hosts = [{ name: "h1", provider: "hetzner", region: "fsn1", metrics: [], prometheus: [] }];
  const lines = [line(1, 1, { host: "h1" }), line(2, 2, { host: "h1", region: "hel1" }), line(3, 3, { host: "h2" })];
  expect(mergeSources([listing("a", lines)], noPairs, hosts).validators.map(({ labels }) => labels)).toEqual([
    { host: "h1", provider: "hetzner", region: "fsn1" },
    { host: "h1", provider: "hetzner", region: "hel1" },
    { host: "h2" },
  ]);
});

test("whatever sources list, the result is what the rules say, worked out one validator at a time", () => {
  const small = fc.integer({ min: 0, max: 4 });
  const labels = fc.dictionary(fc.constantFrom("customer", "rack", "validatorClient"), fc.constantFrom("x", "y"), {
    maxKeys: 2,
    noNullPrototype: true,
  });
  const entry = fc
    .record({ pubkey: fc.option(small, { nil: undefined }), index: fc.option(small, { nil: undefined }), labels })
    .filter(({ pubkey, index }) => pubkey !== undefined || index !== undefined)
    .map(({ pubkey, index, labels: own }) => line(pubkey, index, own));
  const source = fc.record({
    kind: fc.constantFrom("csv", "list", "keymanager", "web3signer"),
    labels,
    validators: fc.array(entry, { maxLength: 6 }),
  });
  const pairs = fc.uniqueArray(fc.tuple(small, small), { maxLength: 3, selector: ([pubkey]) => pubkey });
  fc.assert(
    fc.property(fc.array(source, { maxLength: 4 }), pairs, (sources, known) => {
      const listings = sources.map(({ kind, labels: own, validators }, i) => listing(`s${i}`, validators, kind, own));
      const chain = pairsOf(...known);
      const merged = merge(listings, chain);
      const simple = simpleMerge(listings, chain);
      expect(new Set(merged.validators.map(text))).toEqual(new Set(simple.validators.map(text)));
      expect(merged.validators).toHaveLength(simple.validators.length);
      expect(merged.conflicts.map(({ validator, label }) => `${validator} ${label}`).sort()).toEqual(
        simple.conflicts.sort(),
      );
      expect(merge(listings, chain)).toEqual(merged);
    }),
    { numRuns: 1_000 },
  );
});

const text = ({ pubkey, index, labels, sources }: ReturnType<typeof merge>["validators"][number]): string =>
  JSON.stringify([pubkey, index, Object.entries(labels).sort(), sources]);

/** The same rules without any index or order of work: each validator looks at every line. */
function simpleMerge(listings: SourceListing[], chain: ChainPairs) {
  const isSeen = ({ source }: SourceListing) => source.kind === "keymanager" || source.kind === "web3signer";
  const lines = [...listings.filter((l) => !isSeen(l)), ...listings.filter(isSeen)].flatMap((l) =>
    l.validators.map((entry) => ({ ...entry, source: l.source })),
  );
  const keyOf = (l: (typeof lines)[number]) =>
    l.pubkey ?? (l.index === undefined ? undefined : chain.pubkeyOf(l.index));
  const keys = [...new Set(lines.flatMap((l) => keyOf(l) ?? []))];
  const conflicts: string[] = [];
  const written = (pubkey: string) =>
    [...new Set(lines.filter((l) => l.pubkey === pubkey).map((l) => l.index))].filter((index) => index !== undefined);
  const candidate = (pubkey: string): number | undefined => {
    const told = chain.indexOf(pubkey);
    if (told !== undefined) return told;
    const [only, ...more] = written(pubkey);
    return only === undefined || more.length > 0 || chain.pubkeyOf(only) !== undefined ? undefined : only;
  };
  const indexOf = (pubkey: string) => {
    const index = candidate(pubkey);
    return index !== undefined && keys.some((other) => other !== pubkey && candidate(other) === index)
      ? undefined
      : index;
  };
  for (const pubkey of keys) {
    const told = chain.indexOf(pubkey);
    const claimed = written(pubkey);
    const isOff = told === undefined ? claimed.some((i) => chain.pubkeyOf(i)) : claimed.some((i) => i !== told);
    if (isOff || claimed.length > 1) conflicts.push(`${pubkey} index`);
  }
  for (const index of new Set(keys.map(candidate)))
    if (index !== undefined && keys.filter((pubkey) => candidate(pubkey) === index).length > 1)
      conflicts.push(`#${index} pubkey`);
  const owned = keys.map((pubkey) => ({ pubkey, index: indexOf(pubkey) }));
  const alone = [...new Set(lines.flatMap((l) => (keyOf(l) === undefined ? (l.index ?? []) : [])))]
    .filter((index) => !owned.some((o) => o.index === index))
    .map((index) => ({ pubkey: undefined, index }));
  const validators = [...owned, ...alone].map(({ pubkey, index }) => {
    const own = lines.filter((l) =>
      keyOf(l) === undefined ? index !== undefined && l.index === index : keyOf(l) === pubkey,
    );
    const value = (l: (typeof lines)[number], name: string) =>
      l.labels[name] ??
      l.source.labels[name] ??
      (name === "validatorClient" && l.source.kind === "keymanager" ? l.source.name : undefined) ??
      (name === "signer" && l.source.kind === "web3signer" ? l.source.name : undefined);
    const names = ["customer", "rack", "validatorClient", "signer"];
    const labels: Record<string, string> = {};
    for (const name of names) {
      const first = own.map((l) => value(l, name)).find((v) => v !== undefined);
      if (first !== undefined) labels[name] = first;
      const isOwner = name === "customer" || name === "validatorClient";
      const values = new Set(own.map((l) => value(l, name)).filter((v) => v !== undefined));
      const clients = new Set(own.filter((l) => l.source.kind === "keymanager").map((l) => l.source.name));
      if (isOwner && (values.size > 1 || (name === "validatorClient" && clients.size > 1)))
        conflicts.push(`${pubkey ?? `#${index}`} ${name}`);
    }
    return { pubkey, index, labels, sources: [...new Set(own.map((l) => l.source.name))] };
  });
  return { validators, conflicts };
}
