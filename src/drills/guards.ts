import { slotAt, slotStartAt, type ChainTiming } from "../chain/slot-clock.ts";
import type { FaultLease, GatewayStatus, GroupStatus } from "../control/types.ts";
import type { DrillReasonCode } from "./reasons.ts";
import type { DrillFinding } from "./types.ts";

/** So many slots before and after an own proposal no drill runs: the node's payload and the block's broadcast need them. */
const proposalMarginSlots = 2;

/** Guards that a person who insists (`isForced`) overrules: they say that a drill would prove less, not that a duty is in danger. */
const softReasons: readonly DrillReasonCode[] = ["maintenance-running", "gateway-just-started", "node-not-ready"];

export interface DrillPlan {
  node: string;
  /** How long the fault is to be shown, ms. */
  durationMs: number;
}

/** Everything that speaks against a drill now, in the gateway's own time. Empty: it may begin. */
export function findingsBefore(
  status: Pick<GatewayStatus, "startedAt" | "at">,
  group: GroupStatus,
  { node, durationMs }: DrillPlan,
): DrillFinding[] {
  const now = status.at;
  const findings: DrillFinding[] = [];
  const add = (reason: DrillReasonCode, detail: string, tryAgainAt?: number) =>
    findings.push({ reason, detail, isSoft: softReasons.includes(reason), tryAgainAt });

  const { view, nodes } = group;
  if (view.kind !== "serving")
    add("view-not-serving", `the view is ${view.kind}${view.reason ? `: ${view.reason}` : ""}`);
  const others = takeOver(group, node);
  if (others.length === 0) add("no-other-ready-node", `no node but ${node} can serve group ${group.group}`);
  const suspect = nodes.find(isClockSuspect);
  if (suspect) add("own-clock-suspect", suspect.detail);
  if (group.hold) add("signing-held", `held by ${group.hold.by}: ${group.hold.reason}`);
  for (const fault of group.faults ?? [])
    add("fault-already-shown", `${fault.kind} on ${fault.node}, by ${fault.by}`, fault.expiresAt);
  const leaving = new Set([
    ...(group.drains ?? []).map((drain) => drain.node),
    ...nodes.filter(({ operator }) => operator === "draining").map((each) => each.node),
  ]);
  for (const name of leaving) add("drain-running", `${name} is being drained`);
  for (const each of nodes)
    if (each.operator === "maintenance") add("maintenance-running", `${each.node} is in maintenance`);
  const timing = timingOf(group);
  const near = timing && proposalNear(timing, group, now, now + durationMs);
  if (near) add("proposal-near", near.detail, near.tryAgainAt);
  const epochMs = timing ? timing.spec.slotDurationMs * timing.spec.slotsPerEpoch : 0;
  if (now < status.startedAt + epochMs)
    add("gateway-just-started", `${Math.round((now - status.startedAt) / 1000)} s ago`, status.startedAt + epochMs);
  if (!view.ready.includes(node)) {
    const seen = nodes.find((each) => each.node === node);
    add("node-not-ready", seen ? `${node} is ${seen.operator === "active" ? seen.health : seen.operator}` : node);
  }
  return findings;
}

/** Do these findings forbid the drill, given what the one who asks overrules? */
export function isRefusal(findings: readonly DrillFinding[], isForced: boolean): boolean {
  return findings.some(({ isSoft }) => !isSoft || !isForced);
}

/** Why a drill that runs must end at once; `undefined`: it may go on. `before` is the group as the drill began. */
export function findingDuring(
  status: Pick<GatewayStatus, "at">,
  group: GroupStatus | undefined,
  before: GroupStatus,
  lease: Pick<FaultLease, "id" | "node">,
): DrillFinding | undefined {
  const find = (reason: DrillReasonCode, detail: string): DrillFinding => ({
    ...{ reason, detail },
    isSoft: false,
    tryAgainAt: undefined,
  });
  if (!group) return find("lease-lost", `the gateway has no group ${before.group} any more`);
  if (group.view.kind !== "serving")
    return find("view-lost", `the view is ${group.view.kind}${group.view.reason ? `: ${group.view.reason}` : ""}`);
  const gone = takeOver(before, lease.node).find((name) => !group.view.ready.includes(name));
  if (gone !== undefined) {
    const seen = group.nodes.find(({ node }) => node === gone);
    return find("other-node-left", `${gone}: ${seen?.detail || seen?.reason || "it is gone"}`);
  }
  if (group.hold && !before.hold) return find("signing-held", `held by ${group.hold.by}: ${group.hold.reason}`);
  const timing = timingOf(group);
  const near = timing && proposalNear(timing, group, status.at, status.at);
  if (near) return find("proposal-near", near.detail);
  if (!(group.faults ?? []).some(({ id }) => id === lease.id))
    return find("lease-lost", `the gateway does not show the fault on ${lease.node} any more`);
  return undefined;
}

/** Ready nodes that may serve signing inputs when this one is away. */
function takeOver({ view }: GroupStatus, node: string): string[] {
  return view.ready.filter((name) => name !== node && view.signingInputs.includes(name));
}

function isClockSuspect({ reason, warnings }: GroupStatus["nodes"][number]): boolean {
  return reason === "own-clock-suspect" || warnings.some((warning) => warning.reason === "own-clock-suspect");
}

function timingOf({ network }: GroupStatus): ChainTiming | undefined {
  if (!network) return undefined;
  const { slotDurationMs, slotsPerEpoch, genesisTimeMs } = network;
  return { spec: { slotDurationMs, slotsPerEpoch }, genesis: { genesisTimeMs } };
}

/** An own proposal in the time from `fromAt` to `toAt`, or so near to it that a drill would be in its way. */
function proposalNear(
  timing: ChainTiming,
  group: GroupStatus,
  fromAt: number,
  toAt: number,
): { detail: string; tryAgainAt: number } | undefined {
  const isInTheWay = (slot: number, startAt: number) =>
    slot >= slotAt(timing, startAt) - 1 && slot <= slotAt(timing, startAt + toAt - fromAt) + proposalMarginSlots;
  const proposals = (group.proposals ?? []).toSorted((a, b) => a.slot - b.slot);
  const next = proposals.find(({ slot }) => isInTheWay(slot, fromAt));
  if (!next) return undefined;
  // The first time from which on it fits between the proposals that are known.
  let tryAgainAt = fromAt;
  for (const { slot } of proposals)
    if (isInTheWay(slot, tryAgainAt)) tryAgainAt = slotStartAt(timing, slot + proposalMarginSlots);
  return { detail: `validator ${next.validatorIndex} proposes in slot ${next.slot}`, tryAgainAt };
}
