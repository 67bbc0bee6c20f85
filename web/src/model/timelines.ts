import type { HistoryPoint, StoredTransition, TransitionsPage } from "../../../src/api/contract.ts";
import { nodeKey, type NodeRow } from "./node-list.ts";
import { unwatchedGaps } from "./record-gaps.ts";
import { nodeTimeline, type TimelineSpan } from "./timeline.ts";

interface Record {
  items: readonly StoredTransition[];
  gaps: TransitionsPage["gaps"];
  recordedFromAt: number;
}

/** The last hour of every row, by its key. Until the record is read, only the present state is drawn. */
export function timelinesOf(
  rows: readonly NodeRow[],
  record: Record | undefined,
  history: readonly HistoryPoint[] | undefined,
  fromAt: number,
  toAt: number,
): ReadonlyMap<string, readonly TimelineSpan[]> {
  const byNode = Map.groupBy(record?.items ?? [], (item) => nodeKey(item.gateway, item.group, item.node ?? ""));
  const gateways = new Set(rows.map((row) => row.gateway.name));
  const unwatched = [...gateways].flatMap((gateway) => unwatchedGaps(history, gateway, fromAt));
  return new Map(
    rows.map((row) => {
      const confirmedAt = row.freshness.kind === "fresh" ? toAt : row.observedAt;
      const spans = nodeTimeline({
        transitions: byNode.get(row.key) ?? [],
        current: row.status,
        recordedFromAt: record?.recordedFromAt ?? toAt,
        confirmedAt,
        gaps: [...(record?.gaps ?? []), ...unwatched].filter((gap) => gap.gateway === row.gateway.name),
        fromAt,
        toAt,
      });
      return [row.key, spans] as const;
    }),
  );
}
