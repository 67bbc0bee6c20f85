import { findNetworkByRoot } from "../chain/known-networks.ts";
import { epochAt } from "../chain/slot-clock.ts";
import type { ForkEntry } from "./facts.ts";
import type { NodeState, Verdict, Warning } from "./state.ts";
import type { ExpectedNetwork, Network } from "./types.ts";

/** How long nodes that neither answer nor refuse may hold up the vote on `network: auto`. */
const settleMs = 3000;

/** Epochs from here on are never: nodes send 2^64-1 for a fork that is not scheduled. */
const farFutureEpoch = Number.MAX_SAFE_INTEGER;

/** What was agreed for so long stays even on a tie: a wrong node that joins a group of two must not stop the right one. */
const incumbentAfterMs = 60_000;

/** The network with the votes it had at best, and since when it has been agreed. */
export type AgreedNetwork = Network & { votes: number; sinceAt: number };

/**
 * Decides the group's network. A named network: the nodes that match it supply the specification. `auto`: the network
 * that most nodes are on, by a strict majority of all nodes, or (until that many have answered) of those that answered
 * once the rest refuse or have had time. A tie decides nothing. What a majority of all agreed stays.
 */
export function decideNetwork(
  nodes: readonly NodeState[],
  expected: ExpectedNetwork,
  current: AgreedNetwork | undefined,
  startedAt: number,
  now: number,
): AgreedNetwork | undefined {
  const ballots = nodes.filter((node) => node.genesis !== undefined && node.spec !== undefined);
  const isMatch = (node: NodeState) =>
    expected.kind === "auto" || (node.genesis !== undefined && isExpectedGenesis(node.genesis, expected));
  const counted = count(ballots.filter(isMatch));
  const top = counted[0];
  if (top === undefined) return current;
  const isCurrent = current !== undefined && keyOf(current) === top.key;
  // The same object while nothing changes: whoever holds it may compare by identity.
  const elected = isCurrent
    ? top.votes > current.votes
      ? { ...current, votes: top.votes }
      : current
    : { ...top.network, votes: top.votes, sinceAt: now };
  if (expected.kind === "known") return elected;

  const majority = Math.floor(nodes.length / 2) + 1;
  if (top.votes >= majority) return elected;
  if (current !== undefined && (current.votes >= majority || now - current.sinceAt >= incumbentAfterMs)) return current;
  if (counted[1]?.votes === top.votes) return undefined;
  if (current !== undefined) return elected;
  const isAnyoneStillDue = nodes.some((node) => !ballots.includes(node) && node.failures === 0);
  return isAnyoneStillDue && now - startedAt < settleMs ? undefined : elected;
}

/** Why a node may not serve this network, or `undefined` when it may as far as is known. */
export function checkNetwork(
  node: NodeState,
  nodes: readonly NodeState[],
  expected: ExpectedNetwork,
  network: Network | undefined,
  now: number,
): Verdict | undefined {
  const { genesis, spec } = node;
  if (genesis !== undefined) {
    const wanted = expected.kind === "known" ? expected : network?.genesis;
    const differs =
      (expected.kind === "known" && !isExpectedGenesis(genesis, expected)) ||
      (network !== undefined && genesisKey(network) !== genesisKey({ genesis }));
    if (differs && wanted !== undefined)
      return {
        health: "down",
        reason: "wrong-network",
        detail: `on ${nameOf(genesis.genesisValidatorsRoot)}, expected ${nameOf(wanted.genesisValidatorsRoot)}`,
      };
  }
  if (network !== undefined && spec !== undefined) {
    if (timingKey(spec) !== timingKey(network.spec))
      return {
        health: "down",
        reason: "wrong-network",
        detail: `slots of ${spec.slotDurationMs} ms, ${spec.slotsPerEpoch} an epoch, unlike the group`,
      };
    const epoch = epochAt(network, now);
    // Like with like: a node that has not told its fork schedule yet is compared by its spec, with the others' specs.
    const source: ForkSource = node.forks === undefined ? "spec" : "forks";
    const own = forksUpTo(forksOf(node, source) ?? [], epoch);
    const agreed = agreedForks(nodes, network, epoch, source);
    if (agreed !== undefined && own !== agreed)
      return {
        health: "down",
        reason: "fork-schedule-differs",
        detail: `forks in force: ${own}; the group: ${agreed}`,
      };
  }
  if (genesis === undefined || spec === undefined)
    return { health: "unknown", reason: "network-unreadable", detail: node.networkProblem ?? "" };
  if (network === undefined)
    return {
      health: "unknown",
      reason: "network-not-agreed",
      detail: `this node is on ${nameOf(genesis.genesisValidatorsRoot)}`,
    };
  return undefined;
}

/** A warning for a node whose coming forks are not those of most nodes; all are warned when no schedule has most. */
export function futureForkWarning(
  node: NodeState,
  nodes: readonly NodeState[],
  network: Network,
  now: number,
): Warning | undefined {
  const epoch = epochAt(network, now);
  const source: ForkSource = node.forks === undefined ? "spec" : "forks";
  const future = (each: NodeState) => describeForks((forksOf(each, source) ?? []).filter((fork) => fork.epoch > epoch));
  const own = future(node);
  const witnesses = nodes.filter((each) => isOn(each, network) && forksOf(each, source) !== undefined);
  const tally = tallyOf(witnesses.map(future));
  const [first, second] = tally;
  if (first === undefined || tally.length < 2) return undefined;
  const hasWinner = second === undefined || first.count > second.count;
  if (hasWinner && first.key === own) return undefined;
  const others = hasWinner ? first.key : tally.find((entry) => entry.key !== own)?.key;
  return { reason: "future-fork-differs", detail: `coming forks: ${own || "none"}; other nodes: ${others || "none"}` };
}

function isExpectedGenesis(
  genesis: Network["genesis"],
  expected: Extract<ExpectedNetwork, { kind: "known" }>,
): boolean {
  return (
    genesis.genesisValidatorsRoot === expected.genesisValidatorsRoot.toLowerCase() &&
    (expected.genesisForkVersion === undefined ||
      genesis.genesisForkVersion === expected.genesisForkVersion.toLowerCase())
  );
}

type ForkSource = "forks" | "spec";

function forksOf(node: NodeState, source: ForkSource): readonly ForkEntry[] | undefined {
  return source === "forks" ? node.forks : node.spec?.forks;
}

function isOn(node: NodeState, network: Network): boolean {
  return node.genesis !== undefined && genesisKey({ genesis: node.genesis }) === genesisKey(network);
}

/** What most of the nodes on this network say of the forks in force; `undefined` on a tie: then nobody is condemned. */
function agreedForks(
  nodes: readonly NodeState[],
  network: Network,
  epoch: number,
  source: ForkSource,
): string | undefined {
  const says = nodes.flatMap((node) => {
    const forks = isOn(node, network) ? forksOf(node, source) : undefined;
    return forks === undefined ? [] : [forksUpTo(forks, epoch)];
  });
  const [first, second] = tallyOf(says);
  return first === undefined || first.count === second?.count ? undefined : first.key;
}

function forksUpTo(forks: readonly ForkEntry[], epoch: number): string {
  return describeForks(forks.filter((fork) => fork.epoch <= Math.max(0, epoch)));
}

/** Only the last fork of an epoch counts: nodes differ in whether they list those that a devnet skips at genesis. */
function describeForks(forks: readonly ForkEntry[]): string {
  const byEpoch = new Map<number, string>();
  for (const fork of forks) if (fork.epoch < farFutureEpoch) byEpoch.set(fork.epoch, fork.version);
  return [...byEpoch]
    .sort(([a], [b]) => a - b)
    .map(([epoch, version]) => `${version}@${epoch}`)
    .join(" ");
}

function count(ballots: readonly NodeState[]): { key: string; votes: number; network: Network }[] {
  const byKey = new Map<string, { key: string; votes: number; network: Network }>();
  for (const { genesis, spec } of ballots) {
    if (genesis === undefined || spec === undefined) continue;
    const network = { genesis, spec };
    const key = keyOf(network);
    const entry = byKey.get(key);
    if (entry) entry.votes++;
    else byKey.set(key, { key, votes: 1, network });
  }
  return [...byKey.values()].sort((a, b) => b.votes - a.votes);
}

function tallyOf(keys: readonly string[]): { key: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].map(([key, n]) => ({ key, count: n })).sort((a, b) => b.count - a.count);
}

function genesisKey({ genesis }: Pick<Network, "genesis">): string {
  return `${genesis.genesisValidatorsRoot}/${genesis.genesisForkVersion}/${genesis.genesisTimeMs}`;
}

function timingKey(spec: Network["spec"]): string {
  return `${spec.slotDurationMs}/${spec.slotsPerEpoch}`;
}

function keyOf(network: Network): string {
  return `${genesisKey(network)}/${timingKey(network.spec)}`;
}

function nameOf(genesisValidatorsRoot: string): string {
  return findNetworkByRoot(genesisValidatorsRoot)?.name ?? `network ${genesisValidatorsRoot.slice(0, 10)}`;
}
