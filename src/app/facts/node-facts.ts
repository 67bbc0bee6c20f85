import type { Fact } from "../../alerts/fact.ts";
import type { GroupStatus } from "../../control/types.ts";
import type { UpstreamStatus } from "../../upstream/types.ts";
import type { FreshGroup } from "./chain-facts.ts";

/** So long may a gateway look around after its start before what it does not know counts. */
const startGraceMs = 15_000;
/** A node that has answered nothing for so long has told nothing of its peers either. */
const silentNodeMs = 60_000;

/** One node of a group as one gateway sees it. */
interface Sight {
  at: number;
  node: UpstreamStatus;
  status: GroupStatus;
  isDrilled: boolean;
}

/** Beacon nodes and groups. A node is not ready where most gateways say so; a group has what the worst served gateway has. */
export function nodeFacts(groups: readonly FreshGroup[], now: number): Fact[] {
  const settled = groups.filter(({ status, ageMs }) => !isStarting(status, ageMs));
  const facts: Fact[] = [];
  for (const [group, sights] of Map.groupBy(settled, ({ status }) => status.group)) {
    const at = Math.max(...sights.map((sight) => sight.at));
    const ready = Math.min(...sights.map(({ status }) => status.view.ready.length));
    facts.push({ name: "upstream_ready_count", labels: { group }, value: ready, at });
  }
  for (const [, sights] of Map.groupBy(settled.flatMap(sightsOf), ({ node }) => `${node.group} ${node.node}`))
    facts.push(...inGroup(sights, now));
  for (const [, sights] of Map.groupBy(settled.flatMap(sightsOf), ({ node }) => node.node))
    facts.push(...ofNode(sights, now));
  return facts;
}

function isStarting(status: GroupStatus, ageMs: number): boolean {
  return ageMs < startGraceMs && status.nodes.every(({ health }) => health === "unknown");
}

function sightsOf({ at, status }: FreshGroup): Sight[] {
  const drilled = new Set((status.faults ?? []).map(({ node }) => node));
  return status.nodes.map((node) => ({ at, node, status, isDrilled: drilled.has(node.node) }));
}

function inGroup(sights: readonly Sight[], now: number): Fact[] {
  const [first] = sights;
  if (!first) return [];
  const labels = { group: first.node.group, node: first.node.node };
  const at = Math.max(...sights.map((sight) => sight.at));
  const failing = sights.filter(isFailing);
  const isNotReady = failing.length * 2 > sights.length;
  const facts: Fact[] = [{ name: "upstream_not_ready", labels, value: Number(isNotReady), at }];
  const { network } = first.status;
  // While nobody serves there is no standby: that is another, worse alarm.
  const isStandby = sights.some(
    ({ status, node }) => status.view.ready.length > 0 && status.view.ready[0] !== node.node,
  );
  if (!network || !isStandby) return [...facts, { name: "standby_not_ready_epochs", labels, value: 0, at }];
  const sinceAt = Math.max(...failing.map(({ node }) => node.sinceAt), 0);
  const epochMs = network.slotDurationMs * network.slotsPerEpoch;
  const value = isNotReady ? Math.max(0, Math.floor((now - sinceAt) / epochMs)) : 0;
  return [...facts, { name: "standby_not_ready_epochs", labels, value, at }];
}

/** What an operator set aside, or a drill shows, is no failure. */
function isFailing({ node, isDrilled }: Sight): boolean {
  return node.health !== "ready" && node.operator === "active" && !isDrilled;
}

/** What the node says of itself, by whoever heard it last. */
function ofNode(sights: readonly Sight[], now: number): Fact[] {
  const [newest] = sights.toSorted((a, b) => (b.node.lastSeenAt ?? 0) - (a.node.lastSeenAt ?? 0));
  const at = newest?.node.lastSeenAt;
  if (!newest || at === undefined || now - at > silentNodeMs) return [];
  const { node, peers, elOffline } = newest.node;
  const facts: Fact[] = [];
  if (peers !== undefined) facts.push({ name: "node_peer_count", labels: { node }, value: peers, at });
  if (elOffline !== undefined) facts.push({ name: "el_offline", labels: { node }, value: Number(elOffline), at });
  return facts;
}
