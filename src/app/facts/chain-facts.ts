import type { Fact } from "../../alerts/fact.ts";
import type { ChainSpec } from "../../chain/types.ts";
import { staleAfterMs } from "../../control/judge-state.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import type { GroupStatus } from "../../control/types.ts";
import type { RecentDuties } from "./recent-duties.ts";
import { epochMsOf, judgeableAt, type EpochTiming } from "./types.ts";

/** One gateway's group, as told lately enough to count. */
export interface FreshGroup {
  gateway: string;
  /** When the gateway told it, ms since 1970. */
  at: number;
  /** How long the gateway has been up, ms. */
  ageMs: number;
  status: GroupStatus;
}

/** What reachable gateways say; what is old counts as unknown, as on the page. */
export function freshGroups(observed: readonly ObservedGateway[], now: number): FreshGroup[] {
  return observed.flatMap(({ name, isReachable, lastContactAt, status }) =>
    isReachable && status && lastContactAt !== undefined && now - lastContactAt <= staleAfterMs
      ? status.groups.map((group) => ({
          ...{ gateway: name, at: lastContactAt, ageMs: now - status.startedAt, status: group },
        }))
      : [],
  );
}

/** Finality and branches as the nodes tell them. */
export function chainNowFacts(groups: readonly FreshGroup[], now: number): Fact[] {
  const lags = groups.flatMap(({ status }) => finalityLag(status, now) ?? []);
  const facts: Fact[] = [];
  const at = Math.max(...groups.map((group) => group.at));
  // A node that is lost on another branch says more than the chain's own lag: the least speaks.
  if (lags.length > 0) facts.push({ name: "finality_lag_epochs", labels: {}, value: Math.min(...lags), at });
  const branches = new Map<string, { count: number; at: number }>();
  for (const { status, at: told } of groups) {
    const count = branchesOf(status);
    if (count === undefined) continue;
    const known = branches.get(status.group);
    branches.set(status.group, { count: Math.max(count, known?.count ?? 0), at: Math.max(told, known?.at ?? 0) });
  }
  for (const [group, { count, at: told }] of branches)
    facts.push({ name: "chain_split_branches", labels: { group }, value: count, at: told });
  return facts;
}

/** Counted by the clock too, an epoch late, so that a chain without any block is seen as one that does not finalize. */
function finalityLag({ view, network }: GroupStatus, now: number): number | undefined {
  if (!network || !view.head || !view.finalized || network.slotsPerEpoch <= 0) return undefined;
  const headEpoch = Math.floor(view.head.slot / network.slotsPerEpoch);
  const clockEpoch = Math.floor((now - network.genesisTimeMs) / (network.slotDurationMs * network.slotsPerEpoch));
  return Math.max(0, Math.max(headEpoch, clockEpoch - 1) - view.finalized.epoch);
}

function branchesOf({ view, branches, chosenBranch }: GroupStatus): number | undefined {
  if (view.kind === "split" || chosenBranch) return Math.max(2, branches?.length ?? 0);
  return view.kind === "none" ? undefined : 1;
}

/** What the newest judged epoch says of the whole network. */
export function judgedChainFacts({ newest }: RecentDuties, timing: EpochTiming): Fact[] {
  if (!newest) return [];
  const at = judgeableAt(timing, newest.epoch);
  const { network, reorgDepth } = newest;
  const facts: Fact[] = [{ name: "reorg_depth_slots", labels: {}, value: reorgDepth, at }];
  const [part, whole] =
    network.stakeAssigned > 0 ? [network.stakeTarget, network.stakeAssigned] : [network.timelyTarget, network.assigned];
  if (whole > 0) facts.push({ name: "network_participation_ratio", labels: {}, value: part / whole, at });
  return facts;
}

/** The next fork of the schedule, and nodes whose own schedule of coming forks differs from the others'. */
export function forkFacts(
  spec: ChainSpec | undefined,
  groups: readonly FreshGroup[],
  timing: EpochTiming | undefined,
  now: number,
): Fact[] {
  if (!spec || !timing || groups.length === 0) return [];
  const epoch = Math.floor((now - timing.genesisTimeMs) / epochMsOf(timing));
  const next = spec.forks.find((fork) => fork.epoch > epoch);
  // Without a fork to come the nodes may still disagree about one that this chain's schedule does not have.
  const labels = next ? { fork: next.name } : {};
  const unready = new Set(
    groups.flatMap(({ status }) =>
      status.nodes.flatMap(({ node, warnings }) =>
        warnings.some(({ reason }) => reason === "future-fork-differs") ? node : [],
      ),
    ),
  );
  const facts: Fact[] = [{ name: "fork_unready_nodes", labels, value: unready.size, at: now }];
  if (next) facts.push({ name: "fork_epochs_left", labels, value: next.epoch - epoch, at: now });
  return facts;
}

/** Epochs that could be judged and are not; `since` is when judging last came on, or the program began. */
export function unjudgedFact(
  state: { state: string; currentEpoch: number | undefined; provisionalEpoch: number | undefined },
  timing: EpochTiming | undefined,
  progress: { at: number; hasCaughtUp: boolean },
  now: number,
): Fact[] {
  if (state.state === "off" || !timing || state.currentEpoch === undefined) return [];
  const waited = Math.floor((now - progress.at) / epochMsOf(timing));
  const behind = state.provisionalEpoch === undefined ? waited : state.currentEpoch - 2 - state.provisionalEpoch;
  // After a pause epochs are read back one after the other: only where that stops is the source of truth lost.
  const value = Math.max(0, progress.hasCaughtUp ? behind : Math.min(behind, waited));
  return [{ name: "duties_unjudged_epochs", labels: {}, value, at: now }];
}
