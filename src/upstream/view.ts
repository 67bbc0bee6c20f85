import type { BlockRef, Checkpoint } from "../chain/types.ts";
import type { BranchJudgement } from "./branches.ts";
import type { ClockJudgement } from "./own-clock.ts";
import type { UpstreamReasonCode } from "./reasons.ts";
import { inService, orderFallback, orderReady, orderSigning } from "./selection.ts";
import type { GroupState, NodeState } from "./state.ts";
import type { Transition, View } from "./types.ts";

/** Makes the view of the judged group; a new generation when anything in it changed, the very same object when not. */
export function makeView(
  before: GroupState,
  after: GroupState,
  branches: BranchJudgement | undefined,
  believed: ReadonlySet<string>,
  clock: ClockJudgement,
  now: number,
): { view: View; transitions: Transition[] } {
  const { network, nodes } = after;
  const readyNodes = inService(
    nodes.filter((node) => node.verdict.health === "ready"),
    (node) => node,
  );
  const served =
    branches?.served?.nodes.flatMap((each) => nodes.filter((node) => node.config.name === each.config.name)) ?? [];
  const head = pickHead(served, believed, before.view.head, now - confirmationMs(network?.spec.slotDurationMs));
  const knownSince = Math.min(
    ...served.filter((node) => node.head?.root === head?.root).map((node) => node.head?.seenAt ?? now),
    now,
  );
  const ready = network === undefined ? [] : orderReady(readyNodes, head && { ...head, knownSince }, network, now);
  const isSplit = branches?.split !== undefined;
  const fallback = ready.length > 0 ? [] : orderFallback(nodes);
  const signing = isSplit || network === undefined ? [] : orderSigning(ready, nodes);

  const kind: View["kind"] = isSplit
    ? "split"
    : ready.length > 0 && signing.length > 0
      ? "serving"
      : ready.length + fallback.length > 0
        ? "degraded"
        : "none";
  const isChosen = after.choice !== undefined && after.split !== undefined;
  const reason = kind === "serving" && isChosen ? "branch-chosen" : reasonOf(kind, ready.length);
  const old = before.view;
  const justified = highest(served, "justified") ?? old.justified;
  const finalized = highest(served, "finalized") ?? old.finalized;
  const draft: View = {
    generation: old.generation,
    kind,
    head: sameRef(head ?? old.head, old.head) ? old.head : head,
    justified: sameCheckpoint(justified, old.justified) ? old.justified : justified,
    finalized: sameCheckpoint(finalized, old.finalized) ? old.finalized : finalized,
    ready: keep(old.ready, ready.map(nameOf)),
    fallback: keep(old.fallback, fallback.map(nameOf)),
    signingInputs: keep(old.signingInputs, signing.map(nameOf)),
    reason,
    changedAt: old.changedAt,
  };
  if (isSame(old, draft)) return { view: old, transitions: [] };
  const view = { ...draft, generation: old.generation + 1, changedAt: now };
  return { view, transitions: viewTransitions(before, view, branches, clock, now) };
}

function viewTransitions(
  before: GroupState,
  view: View,
  branches: BranchJudgement | undefined,
  clock: ClockJudgement,
  now: number,
): Transition[] {
  const base = { at: now, group: before.name, kind: "view" as const };
  const transitions: Transition[] = [];
  // A split that ends while a chosen branch is served changes the reason only; a person wants to see that too.
  const hasEnded = before.view.reason === "branch-chosen" && view.kind === "serving" && view.reason === undefined;
  if (before.view.kind !== view.kind || hasEnded)
    transitions.push({
      ...base,
      from: before.view.kind,
      to: view.kind,
      reason: view.reason ?? "view-serving",
      detail: branches?.split ?? clock.detail ?? `ready: ${view.ready.join(", ") || "none"}`,
    });
  if (branches?.hasSwitched === true)
    transitions.push({
      ...base,
      from: before.view.head?.root ?? "none",
      to: view.head?.root ?? "none",
      reason: "branch-switched",
      detail: `now served by ${view.ready.join(", ") || "none"}`,
    });
  return transitions;
}

function reasonOf(kind: View["kind"], readyCount: number): UpstreamReasonCode | undefined {
  switch (kind) {
    case "serving":
      return undefined;
    case "split":
      return "split";
    case "degraded":
      return readyCount > 0 ? "signing-held" : "nobody-ready";
    case "none":
      return "nobody-reachable";
  }
}

/**
 * How long a new head that one node alone has waits for a second one: a node on a fork of its own may be the first to
 * tell, and validator clients sign at once. Own nodes see a block within some hundred milliseconds of each other.
 */
export function confirmationMs(slotDurationMs = 12_000): number {
  return Math.min(400, slotDurationMs / 10);
}

/**
 * The highest believed head of the served branch; among equals the one that most nodes have, then the one that is served
 * already. While none is believed, the head that is served stays as long as a node has it. With three nodes and more, a
 * head that one of them has alone, and only since after `aloneSince`, must wait.
 */
function pickHead(
  nodes: readonly NodeState[],
  believed: ReadonlySet<string>,
  current: BlockRef | undefined,
  aloneSince: number,
): BlockRef | undefined {
  const trusted = nodes.filter((node) => believed.has(node.config.name));
  const isHeld = nodes.some((node) => node.head !== undefined && node.head.root === current?.root);
  if (trusted.length === 0 && isHeld) return current;
  const holders = new Map<string, { head: BlockRef; count: number; seenAt: number }>();
  for (const { head } of trusted.length > 0 ? trusted : nodes) {
    if (head === undefined) continue;
    const entry = holders.get(head.root);
    if (entry) entry.count++;
    else holders.set(head.root, { head: { slot: head.slot, root: head.root }, count: 1, seenAt: head.seenAt });
  }
  const isCurrent = (entry: { head: BlockRef }) => (entry.head.root === current?.root ? 1 : 0);
  const mustWait = ({ head, count, seenAt }: { head: BlockRef; count: number; seenAt: number }) =>
    nodes.length >= 3 && count === 1 && seenAt > aloneSince && head.root !== current?.root;
  const free = [...holders.values()].filter((entry) => current === undefined || !mustWait(entry));
  if (free.length === 0 && holders.size > 0) return current;
  return free.sort((a, b) => b.head.slot - a.head.slot || b.count - a.count || isCurrent(b) - isCurrent(a))[0]?.head;
}

function highest(nodes: readonly NodeState[], kind: "justified" | "finalized"): Checkpoint | undefined {
  let best: Checkpoint | undefined;
  for (const { finality } of nodes)
    if (finality !== undefined && (best === undefined || finality[kind].epoch > best.epoch)) best = finality[kind];
  return best;
}

function isSame(a: View, b: View): boolean {
  return (
    a.kind === b.kind &&
    a.reason === b.reason &&
    a.head === b.head &&
    a.justified === b.justified &&
    a.finalized === b.finalized &&
    a.ready === b.ready &&
    a.fallback === b.fallback &&
    a.signingInputs === b.signingInputs
  );
}

function keep(old: readonly string[], next: readonly string[]): readonly string[] {
  return old.length === next.length && old.every((name, index) => name === next[index]) ? old : next;
}

function sameRef(a: BlockRef | undefined, b: BlockRef | undefined): boolean {
  return a?.root === b?.root && a?.slot === b?.slot;
}

function sameCheckpoint(a: Checkpoint | undefined, b: Checkpoint | undefined): boolean {
  return a?.root === b?.root && a?.epoch === b?.epoch;
}

function nameOf(node: NodeState): string {
  return node.config.name;
}
