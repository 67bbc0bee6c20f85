import type { ChainRequest, ChainShares, OracleFork, OraclePreset } from "../../oracle/src/chain-truth.ts";

/** One kind of chain: a preset and a fork, or the step from one fork to the next in the middle. */
export interface ChainKind {
  preset: OraclePreset;
  fork: OracleFork;
  nextFork?: OracleFork;
  /** Every second chain has so many validators that a slot has several committees, which takes thousands on this preset. */
  largeValidators?: number;
}

export const forkName = ({ fork, nextFork }: ChainKind): string =>
  nextFork === undefined ? fork : `${fork} to ${nextFork}`;

/** Every fork and every step between forks on the minimal preset, and what differs on the others. */
export const chainKinds: readonly ChainKind[] = [
  { preset: "minimal", fork: "altair" },
  { preset: "minimal", fork: "bellatrix" },
  { preset: "minimal", fork: "capella" },
  { preset: "minimal", fork: "deneb" },
  { preset: "minimal", fork: "electra" },
  { preset: "minimal", fork: "fulu" },
  { preset: "minimal", fork: "altair", nextFork: "bellatrix" },
  { preset: "minimal", fork: "bellatrix", nextFork: "capella" },
  { preset: "minimal", fork: "capella", nextFork: "deneb" },
  { preset: "minimal", fork: "deneb", nextFork: "electra" },
  { preset: "minimal", fork: "electra", nextFork: "fulu" },
  { preset: "mainnet", fork: "fulu", largeValidators: 8_900 },
  { preset: "mainnet", fork: "capella", nextFork: "deneb" },
  { preset: "mainnet", fork: "deneb", nextFork: "electra" },
  { preset: "gnosis", fork: "capella" },
  { preset: "gnosis", fork: "electra", nextFork: "fulu" },
  { preset: "gnosis", fork: "deneb", nextFork: "electra", largeValidators: 4_500 },
];

/** Mulberry32, as the oracle's: the seed alone decides the chain. */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A request drawn from a seed: calm chains, broken ones and everything between. One of six does not finalize. */
export function drawRequest(kind: ChainKind, seed: number): ChainRequest {
  const next = draws(seed);
  const upTo = (limit: number): number => next() * limit;
  const isSleepy = next() < 1 / 6;
  const shares: ChainShares = {
    emptySlots: upTo(0.3),
    missing: isSleepy ? 0.3 + upTo(0.4) : upTo(0.3),
    wrongHead: upTo(0.2),
    wrongTarget: upTo(0.15),
    late: upTo(0.3),
    double: upTo(0.1),
    duplicates: upTo(0.4),
    orphans: upTo(0.15),
    reorgs: upTo(kind.preset === "minimal" ? 0.1 : 0.05),
    syncMisses: upTo(0.5),
    proposerSlashings: upTo(0.1),
    attesterSlashings: upTo(0.1),
    exits: upTo(0.2),
  };
  const forks = { fork: kind.fork, ...(kind.nextFork === undefined ? {} : { nextFork: kind.nextFork }) };
  const isMinimal = kind.preset === "minimal";
  const large = seed % 2 === 0 ? kind.largeValidators : undefined;
  const epochs = isMinimal ? 6 + Math.floor(upTo(5)) : large === undefined ? 4 : 3;
  return {
    seed,
    ...forks,
    ...(kind.nextFork === undefined ? {} : { transitionEpoch: 1 + Math.floor(upTo(epochs - 2)) }),
    validators: large ?? (isMinimal ? 64 : 160) + Math.floor(upTo(96)),
    epochs,
    shares,
  };
}
