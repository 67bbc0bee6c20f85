import { upstreamReasons } from "../upstream/reasons.ts";
import type { UpstreamStatus } from "../upstream/types.ts";
import { findInHold, findInKeys, findInOperation, findInTripwire, setAsideWords } from "./judge-safety.ts";
import type { Finding } from "./judge-state.ts";
import type { GroupStatus } from "./types.ts";

/** Finality is two epochs back when all is well; inactivity penalties begin above five (consensus specs, MIN_EPOCHS_TO_INACTIVITY_PENALTY + 1). */
const finalityWarnEpochs = 3;
const finalityBadEpochs = 5;
/** Slots without a block before it is said: the same bound as for signing inputs. */
const headLateSlots = 8;
/** So long may a gateway look around after its start before silence is a finding. */
const startGraceMs = 15_000;

/**
 * Everything worth saying about one group; of equally bad things the first speaks. Never empty: where nothing is wrong, it
 * says so. Without any node a hold changes nothing; before a split it does: whatever is chosen, nothing is signed.
 */
export function findInGroup(group: GroupStatus, gatewayAgeMs: number, now: number): Finding[] {
  const keys = [...findInTripwire(group, now), ...findInKeys(group, now)];
  const hold = findInHold(group);
  const rest = findInServing(group, gatewayAgeMs, now);
  const isWithoutNodes = rest[0]?.reason === "no-node-ready";
  return isWithoutNodes ? [...keys, ...rest, ...hold] : [...keys, ...hold, ...rest];
}

function findInServing(group: GroupStatus, gatewayAgeMs: number, now: number): Finding[] {
  const isUndecided = group.nodes.every(({ health }) => health === "unknown");
  if (isUndecided && gatewayAgeMs < startGraceMs)
    return [
      { level: "unknown", reason: "starting", sentence: "The gateway has just started and looks at its beacon nodes." },
    ];
  if (group.network === undefined && group.view.kind === "serving")
    return [
      { level: "unknown", reason: "starting", sentence: "The beacon nodes have not agreed on which network this is." },
    ];
  const serving = findInView(group);
  if (serving) return [serving, ...findInOperation(group)];
  const findings = [...findInFinality(group, now), ...findInNodes(group), ...findInOperation(group)];
  return findings.length > 0 ? findings : [allInSync(group)];
}

function findInView({ view, nodes }: GroupStatus): Finding | undefined {
  switch (view.kind) {
    case "none":
      return {
        level: "bad",
        reason: "no-node-ready",
        sentence: `No beacon node is ready: validator clients get no duties${list(nodes.map(named), " (", ")")}.`,
      };
    case "split":
      return {
        level: "bad",
        reason: "split",
        sentence:
          "The beacon nodes disagree on justified or finalized checkpoints: signing inputs are withheld until a person chooses the branch.",
      };
    case "degraded": {
      const [best] = view.fallback;
      const signing =
        view.signingInputs.length > 0 ? "duties go on from nodes close to the head" : "signing inputs are withheld";
      const reads = best === undefined ? "" : `; reads are answered by ${best}`;
      return { level: "bad", reason: "only-degraded", sentence: `No beacon node is in sync: ${signing}${reads}.` };
    }
    case "serving":
      return undefined;
  }
}

function findInFinality(group: GroupStatus, now: number): Finding[] {
  const findings: Finding[] = [];
  const distance = finalityDistanceEpochs(group);
  if (distance !== undefined && distance > finalityWarnEpochs) {
    const isBad = distance > finalityBadEpochs;
    findings.push({
      level: isBad ? "bad" : "warning",
      reason: isBad ? "finality-stalled" : "finality-late",
      sentence: isBad
        ? `The chain does not finalize: finality is ${distance} epochs back, and inactivity penalties grow.`
        : `Finality is ${distance} epochs back; 2 is usual.`,
    });
  }
  const lag = headLagSlots(group, now);
  if (lag !== undefined && lag > headLateSlots)
    findings.push({
      level: "warning",
      reason: "head-late",
      sentence: `No new block for ${lag} slots, as all ready nodes see it.`,
    });
  return findings;
}

function findInNodes(group: GroupStatus): Finding[] {
  const { nodes, view, faults = [] } = group;
  // What a drill shows is no failure; the drill is a finding of its own.
  const isDrilled = ({ node }: UpstreamStatus) => faults.some((fault) => fault.node === node);
  const active = nodes.filter((node) => node.operator === "active" && !isDrilled(node));
  const failed = active.filter(({ health }) => health !== "ready");
  const ready = nodes.filter(({ health, operator }) => health === "ready" && operator === "active");
  const servedBy = view.ready[0] ?? "none";
  const findings: Finding[] = [];
  if (failed.length > 0)
    findings.push({
      level: "warning",
      reason: ready.length > 1 ? "node-not-ready" : "no-spare",
      sentence: `${failed.length} of ${nodes.length} beacon nodes ${failed.length === 1 ? "is" : "are"} ${condition(failed)}${list(failed.map(explained), " (", ")")}; duties are served by ${servedBy}.`,
    });
  else if (nodes.length > 1 && ready.length < 2 && faults.length === 0)
    findings.push({
      level: "warning",
      reason: "no-spare",
      sentence: `Only ${servedBy} serves duties; the operator set the others aside${list(setAsideWords(group), " (", ")")}.`,
    });
  for (const { node, warnings } of nodes)
    for (const warning of warnings.slice(0, 1))
      findings.push({
        level: "warning",
        reason: "node-warning",
        sentence: `${node}: ${warning.detail || shortOf(warning.reason)}.`,
      });
  return findings;
}

function allInSync(group: GroupStatus): Finding {
  const ready = group.nodes.filter(({ health, operator }) => health === "ready" && operator === "active").length;
  const set = setAsideWords(group);
  const total = group.nodes.length;
  const who =
    set.length > 0
      ? `${ready} of ${total} beacon nodes are in sync`
      : total === 1
        ? "The beacon node is in sync"
        : `All ${total} beacon nodes are in sync`;
  const distance = finalityDistanceEpochs(group);
  const finality = distance === undefined ? "" : `; finality ${distance} ${distance === 1 ? "epoch" : "epochs"} back`;
  return { level: "fine", reason: "all-in-sync", sentence: `${who}${list(set, " (", ")")}${finality}.` };
}

/** Head epoch minus finalized epoch; `undefined` where either is unknown. */
export function finalityDistanceEpochs({ view, network }: GroupStatus): number | undefined {
  if (!network || !view.head || !view.finalized || network.slotsPerEpoch <= 0) return undefined;
  return Math.max(0, Math.floor(view.head.slot / network.slotsPerEpoch) - view.finalized.epoch);
}

/** Slots between the wall clock and the group's head; `undefined` where either is unknown. */
export function headLagSlots({ view, network }: GroupStatus, now: number): number | undefined {
  if (!network || !view.head || network.slotDurationMs <= 0) return undefined;
  return Math.max(0, Math.floor((now - network.genesisTimeMs) / network.slotDurationMs) - view.head.slot);
}

const shortOf = (reason: string) =>
  (upstreamReasons as Record<string, { short: string } | undefined>)[reason]?.short ?? reason;
// The short reason, not the detail: that holds names of calls, and stands on the page Nodes.
const named = ({ node, health, reason }: UpstreamStatus) => `${node} ${health}: ${shortOf(reason)}`;
const explained = ({ node, reason }: UpstreamStatus) => `${node}: ${shortOf(reason)}`;

/** One word where all share it, else the word that holds for all. */
function condition(nodes: readonly UpstreamStatus[]): string {
  const [first, ...rest] = new Set(nodes.map(({ health }) => health));
  if (rest.length > 0 || first === undefined) return "not ready";
  return first === "unknown" ? "in an unknown state" : first;
}

function list(texts: readonly string[], before: string, after: string): string {
  if (texts.length === 0) return "";
  const shown = texts.slice(0, 3).join("; ");
  return `${before}${texts.length > 3 ? `${shown}; and ${texts.length - 3} more` : shown}${after}`;
}
