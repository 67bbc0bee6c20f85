import type { GroupRows, NodeRow } from "./node-list.ts";
import { fullInstant } from "./format.ts";

/** Where a node's number comes from: "peers 71, reported by bn1, seen by gateway-1 at …". */
export const nodeEvidence = (row: NodeRow, fact: string): string =>
  `${fact}\nreported by ${row.status.node}, seen by ${row.gateway.name}\n${fullInstant(row.observedAt)}`;

/** Where a group's number comes from. */
export const groupEvidence = (group: GroupRows, fact: string): string =>
  `${fact}\nview of group ${group.group.group}, from ${group.gateway.name}\n${fullInstant(group.gateway.lastContactAt ?? group.gateway.status?.at ?? 0)}`;
