import { slotAt } from "../chain/slot-clock.ts";
import { judgeBranches, type BranchJudgement } from "./branches.ts";
import type { Wanted } from "./facts.ts";
import { judgeHeads, type Belief } from "./head-belief.ts";
import { checkHead, trackHead } from "./head-check.ts";
import { checkNetwork, decideNetwork } from "./network-check.ts";
import { futureToleranceMs, headSlotOf, judgeOwnClock, type ClockJudgement } from "./own-clock.ts";
import { ruleSplit } from "./branch-choice.ts";
import { applyPeerRule } from "./peer-check.ts";
import { checkReachable } from "./reachability.ts";
import { trackReadiness } from "./readmission.ts";
import { inService } from "./selection.ts";
import type { GroupState, NodeState, Verdict } from "./state.ts";
import { checkSynced } from "./sync-check.ts";
import { diffNodes } from "./transitions.ts";
import type { Network, Transition } from "./types.ts";
import { makeView } from "./view.ts";
import { warningsOf } from "./warnings.ts";

export interface Evaluation {
  state: GroupState;
  transitions: Transition[];
  wanted: Wanted[];
}

const ready: Verdict = { health: "ready", reason: "in-sync", detail: "" };

/** Judges every node and the group's view anew from the facts. The order of the checks is the order of the table in the docs. */
export function evaluate(before: GroupState, now: number): Evaluation {
  const network = decideNetwork(before.nodes, before.expected, before.network, before.startedAt, now);
  const chain: Network | undefined = network;
  const clock: ClockJudgement =
    chain === undefined
      ? { offsetMs: 0, detail: undefined, sharedLag: undefined }
      : judgeOwnClock(before.nodes, chain, before.sharedLag, now);
  const trueNow = now + clock.offsetMs;

  const first = before.nodes.map((node) => ({
    node,
    verdict: checkReachable(node) ?? checkNetwork(node, before.nodes, before.expected, chain, now) ?? checkSynced(node),
  }));

  if (chain === undefined) {
    const nodes = first.map(({ node, verdict }) => settle(node, verdict ?? ready, [], now));
    return finish(before, { ...before, network, nodes, sharedLag: undefined }, [], undefined, new Set(), clock, now);
  }

  // While our clock is in doubt, both times are allowed: a doubtful clock evicts nobody.
  const wallSlot = Math.min(slotAt(chain, now), slotAt(chain, trueNow));
  const latestSlot = slotAt(chain, Math.max(now, trueNow) + futureToleranceMs(chain.spec.slotDurationMs));
  const candidates = first
    .filter(({ node, verdict }) => isTrusted(verdict) && headSlotOf(node) <= latestSlot)
    .map(({ node }) => node);
  const belief = judgeHeads(candidates, before.ancestry);
  const judged = first.map(({ node, verdict }) => {
    const tracked = trackHead(node, belief, candidates, wallSlot, before.view.head?.slot ?? 0, now);
    return { node: tracked, verdict: verdict ?? checkHead(tracked, belief, candidates, latestSlot, chain, now) };
  });

  const onChain = inService(
    judged.filter(({ verdict }) => isTrusted(verdict)),
    ({ node }) => node,
  ).map(({ node }) => node);
  const seen = judgeBranches(
    onChain,
    before.ancestry,
    chain.spec.slotsPerEpoch,
    before.view.head,
    before.split !== undefined,
  );
  const { branches, split, choice, choices } = ruleSplit(before, seen, now);
  const withBranch = judged.map(({ node, verdict }) => ({
    node,
    verdict: verdict ?? checkBranch(node, branches) ?? ready,
  }));
  const withPeers = applyPeerRule(withBranch, now);

  const slotMs = chain.spec.slotDurationMs;
  const wanted: Wanted[] = [...wantedLookups(belief, branches)];
  const nodes = withPeers.map(({ node, verdict }) => {
    const track = trackReadiness(
      node,
      verdict.health === "ready",
      verdict.health === "down",
      node.failures === 0 && verdict.reason === node.suspicion?.reason,
      before.hasServed,
      slotMs,
      now,
    );
    const isGated = verdict.health === "ready" && track.needsGate;
    if (isGated && node.verdict.health !== "warming") wanted.push({ kind: "gate", node: node.config.name });
    if (node.streamLagsSince !== undefined && now - node.streamLagsSince > Math.min(slotMs, 4000))
      wanted.push({
        kind: "reopen-stream",
        node: node.config.name,
        why: "its head moves on and its event stream does not",
      });
    const final: Verdict = isGated ? { health: "warming", reason: "warming-replay", detail: "" } : verdict;
    const isOnView = branches.served?.nodes.some((each) => each.config.name === node.config.name) ?? false;
    const warnings = warningsOf(node, before.nodes, chain, clock, now);
    return settle({ ...node, ...track, isOnView }, final, warnings, now);
  });
  return finish(
    before,
    { ...before, network, nodes, sharedLag: clock.sharedLag, split, choice, choices },
    wanted,
    branches,
    belief.believed,
    clock,
    now,
  );
}

/** Only nodes without any fault so far are witnesses of the head and of branches. */
function isTrusted(verdict: Verdict | undefined): boolean {
  return verdict === undefined;
}

function checkBranch(node: NodeState, branches: BranchJudgement): Verdict | undefined {
  const { served } = branches;
  if (served === undefined || node.operator !== "active" || branches.branches.length < 2) return undefined;
  if (served.nodes.some((each) => each.config.name === node.config.name)) return undefined;
  const own = branches.branches.find((branch) => branch.nodes.some((each) => each.config.name === node.config.name));
  if (own === undefined) return undefined;
  return {
    health: "suspect",
    reason: "minority-branch",
    detail: `support ${own.support}, the served branch ${served.support}`,
  };
}

function wantedLookups(belief: Belief, branches: BranchJudgement): Wanted[] {
  return [...belief.wanted, ...branches.wanted];
}

/** Writes the verdict into the node; the time moves only when the health changes. */
function settle(node: NodeState, verdict: Verdict, warnings: NodeState["warnings"], now: number): NodeState {
  const isSame = node.verdict.health === verdict.health;
  return { ...node, verdict, warnings, sinceAt: isSame ? node.sinceAt : now };
}

function finish(
  before: GroupState,
  after: GroupState,
  wanted: Wanted[],
  branches: BranchJudgement | undefined,
  believed: ReadonlySet<string>,
  clock: ClockJudgement,
  now: number,
): Evaluation {
  const made = makeView(before, after, branches, believed, clock, now);
  const hasServed = before.hasServed || made.view.ready.length > 0;
  return {
    state: { ...after, view: made.view, hasServed },
    transitions: [...diffNodes(before, after, now), ...made.transitions],
    wanted,
  };
}
