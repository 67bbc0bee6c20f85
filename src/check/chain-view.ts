import { findNetworkByRoot } from "../chain/known-networks.ts";
import type { ChainTiming } from "../chain/slot-clock.ts";
import { valueOf, type Evidence, type NodeEvidence } from "./evidence.ts";

/** The value that more voices name than any other, and whether that is more than half of them. */
export interface Majority<T> {
  value: T;
  votes: number;
  isStrict: boolean;
}

/** Counts voices. With none there is no majority; a tie gives one that is not strict. */
export function majorityOf<T extends string | number>(voices: readonly T[]): Majority<T> | undefined {
  const votes = new Map<T, number>();
  for (const voice of voices) votes.set(voice, (votes.get(voice) ?? 0) + 1);
  const best = [...votes].sort((a, b) => b[1] - a[1])[0];
  return best && { value: best[0], votes: best[1], isStrict: best[1] * 2 > voices.length };
}

/** The node's own slot timing, or undefined where it did not tell genesis or spec. */
export function timingOf(node: NodeEvidence): ChainTiming | undefined {
  const spec = valueOf(node.spec);
  const genesis = valueOf(node.genesis);
  return spec && genesis && { spec, genesis };
}

/** The timing of a node; where it did not tell, that of the first that did (own nodes first). */
export function timingFor(node: NodeEvidence, evidence: Evidence): ChainTiming | undefined {
  const candidates = [node, ...evidence.nodes, ...evidence.references];
  return candidates.map(timingOf).find((timing) => timing !== undefined);
}

/** "mainnet", or the name in the node's own configuration, or the start of the root. */
export function networkName(node: NodeEvidence): string {
  const root = valueOf(node.genesis)?.genesisValidatorsRoot;
  const known = root === undefined ? undefined : findNetworkByRoot(root)?.name;
  return known ?? valueOf(node.spec)?.configName ?? (root === undefined ? "unknown" : `${root.slice(0, 10)}…`);
}

/** True for the public networks, where a node with a handful of peers is in trouble; a devnet has only a handful. */
export function isPublicNetwork(node: NodeEvidence): boolean {
  const root = valueOf(node.genesis)?.genesisValidatorsRoot;
  return root !== undefined && findNetworkByRoot(root) !== undefined;
}

/** "1 slot", "3 slots". */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

export function shortRoot(root: string): string {
  return root.length > 14 ? `${root.slice(0, 10)}…` : root;
}
