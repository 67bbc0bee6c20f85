import type { GatewayView, Snapshot } from "../../../src/api/contract.ts";
import type { Drain, FaultLease, GroupStatus } from "../../../src/control/types.ts";
import type { DrillProgress } from "../../../src/drills/types.ts";
import type { UpstreamStatus } from "../../../src/upstream/types.ts";
import { drillsOf, hasEnded } from "./drill-words.ts";
import { gatewayFreshness, type Freshness } from "./freshness.ts";
import { shownState, toneRank, type ShownState } from "./shown-state.ts";

/** One beacon node as one observer sees it: a node behind two gateways makes two rows. */
export interface NodeRow {
  key: string;
  gateway: GatewayView;
  /** False where the monitor itself observes: nobody is there to cordon it. */
  isGateway: boolean;
  group: GroupStatus;
  status: UpstreamStatus;
  state: ShownState;
  freshness: Freshness;
  /** On its way out of service. */
  drain: Drain | undefined;
  /** A fault that a drill shows on it now, and that drill where it is one of this monitor's. */
  fault: FaultLease | undefined;
  drill: DrillProgress | undefined;
  /** When what is shown was reported, in the server's clock. */
  observedAt: number;
}

export interface GroupRows {
  key: string;
  gateway: GatewayView;
  isGateway: boolean;
  group: GroupStatus;
  freshness: Freshness;
  rows: readonly NodeRow[];
}

export const nodeKey = (gateway: string, group: string, node: string): string =>
  [gateway, group, node].map(encodeURIComponent).join("/");

export const groupPath = (gateway: string, group: string): string => [gateway, group].map(encodeURIComponent).join("/");

/** Every group of every observer with its nodes, gateways first. */
export function groupRows(snapshot: Snapshot, serverNow: number): readonly GroupRows[] {
  const observers = [
    ...snapshot.gateways.map((gateway) => ({ gateway, isGateway: true })),
    ...snapshot.observers.map((gateway) => ({ gateway, isGateway: false })),
  ];
  return observers.flatMap(({ gateway, isGateway }) => {
    const freshness = gatewayFreshness(gateway, snapshot, serverNow);
    return (gateway.status?.groups ?? []).map((group): GroupRows => {
      const rows = group.nodes.map((status): NodeRow => ({
        key: nodeKey(gateway.name, group.group, status.node),
        gateway,
        isGateway,
        group,
        status,
        state: shownState(status, freshness.kind === "stale"),
        freshness,
        drain: group.drains?.find((drain) => drain.node === status.node),
        fault: group.faults?.find((fault) => fault.node === status.node),
        drill: drillsOf(snapshot).find(
          (drill) =>
            drill.gateway === gateway.name &&
            drill.group === group.group &&
            drill.node === status.node &&
            !hasEnded(drill),
        ),
        observedAt: gateway.lastContactAt ?? gateway.status?.at ?? snapshot.at,
      }));
      return { key: `${gateway.name}/${group.group}`, gateway, isGateway, group, freshness, rows };
    });
  });
}

export const sortKeys = ["order", "state", "name", "lag", "peers", "latency", "delay"] as const;
export type SortKey = (typeof sortKeys)[number];

/** Unknown numbers sort last either way: they are no evidence of good or bad. */
export function sortRows(rows: readonly NodeRow[], key: SortKey, isReversed: boolean): readonly NodeRow[] {
  if (key === "order" && !isReversed) return rows;
  const sign = isReversed ? -1 : 1;
  const indexed = rows.map((row, index) => ({ row, index }));
  indexed.sort((a, b) => {
    if (key === "order") return sign * (a.index - b.index);
    if (key === "name") return sign * a.row.status.node.localeCompare(b.row.status.node, "en", { numeric: true });
    const left = sortValue(a.row, key);
    const right = sortValue(b.row, key);
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return sign * (left - right) || a.index - b.index;
  });
  return indexed.map(({ row }) => row);
}

function sortValue(row: NodeRow, key: Exclude<SortKey, "order" | "name">): number | undefined {
  switch (key) {
    case "state":
      return toneRank[row.state.tone];
    case "lag":
      return row.status.headLagSlots;
    case "peers":
      return row.status.peers;
    case "latency":
      return row.status.latencyMs;
    case "delay":
      return row.status.headDelayMs;
  }
}

export const showKinds = ["all", "trouble", "set-aside"] as const;
export type ShowKind = (typeof showKinds)[number];

/** Each word of `find` must appear in the node's name, group, client, reason, detail, state or labels. */
export function filterRows(rows: readonly NodeRow[], find: string, show: ShowKind, reasonOf: (code: string) => string) {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (show === "trouble" && row.state.tone === "fine") return false;
    if (show === "set-aside" && row.state.operator === undefined) return false;
    if (words.length === 0) return true;
    const { status } = row;
    const labels = Object.entries(status.labels).map(([name, value]) => `${name}=${value}`);
    const parts = [
      status.node,
      status.group,
      row.gateway.name,
      status.clientFamily,
      status.version ?? "",
      row.state.word,
    ];
    const text = [...parts, row.state.operator ?? "", status.reason, reasonOf(status.reason), status.detail, ...labels]
      .join("\n")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
