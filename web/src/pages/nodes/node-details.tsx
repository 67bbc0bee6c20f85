import { useReasons, useNodeTransitions } from "../../live/queries.ts";
import { useNow } from "../../live/use-now.ts";
import { nodeEvidence } from "../../model/evidence.ts";
import { formatCount, formatDuration, fullInstant } from "../../model/format.ts";
import type { GroupRows, NodeRow } from "../../model/node-list.ts";
import { elState } from "../../model/node-words.ts";
import { ChangeList } from "../../parts/change-list.tsx";
import { Notice } from "../../parts/notice.tsx";
import { NodeActions } from "./node-actions.tsx";
import { NodeOperation } from "./node-operation.tsx";
import styles from "./node-details.module.css";

/** Everything known of one node: why it is so, warnings, facts with their source, its changes, and what an operator may do. */
export function NodeDetails({ row, group }: { row: NodeRow; group: GroupRows }) {
  const reasonOf = useReasons();
  const now = useNow();
  const { status } = row;
  const reason = reasonOf(status.reason);
  const changes = useNodeTransitions(row.gateway.name, status.group, status.node);
  return (
    <div className={styles.details}>
      <div className={styles.column}>
        <p>
          <strong>
            {reason.short}
            {status.detail === "" ? "." : `: ${status.detail}`}
          </strong>{" "}
          {reason.long}{" "}
          <span className={styles.quiet}>
            Since {fullInstant(status.sinceAt)}, {formatDuration(now - status.sinceAt)}.
          </span>
        </p>
        {status.warnings.map((warning) => (
          <Notice
            key={`${warning.reason} ${warning.detail}`}
            tone="warn"
            title={`${reasonOf(warning.reason).short}: ${warning.detail}`}
          >
            {reasonOf(warning.reason).long}
          </Notice>
        ))}
        <NodeOperation row={row} />
        {row.isGateway && <NodeActions row={row} group={group} />}
        <h3 className={styles.heading}>Changes of this node</h3>
        {changes.data === undefined ? (
          <Notice
            tone="unknown"
            title={changes.failureReason === null ? "Reading the record…" : "The record cannot be read."}
          >
            {changes.failureReason?.message}
          </Notice>
        ) : changes.data.items.length === 0 ? (
          <p className={styles.quiet}>None recorded.</p>
        ) : (
          <ChangeList changes={changes.data.items} gaps={[]} groups={[group]} isOneNode />
        )}
      </div>
      <div className={styles.column}>
        <dl className={styles.facts}>
          {facts(row).map(([name, value]) => (
            <div key={name} className={styles.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className={styles.quiet}>{nodeEvidence(row, "All of this").replaceAll("\n", ", ")}.</p>
      </div>
    </div>
  );
}

function facts(row: NodeRow): readonly (readonly [name: string, value: string])[] {
  const { status, gateway, group } = row;
  const told = (value: boolean | undefined) => (value === undefined ? "not told" : value ? "yes" : "no");
  const checkpoint = (value: { epoch: number; root: string } | undefined) =>
    value === undefined ? "unknown" : `epoch ${formatCount(value.epoch)}, ${value.root}`;
  const labels = Object.entries(status.labels).map(([name, value]) => `${name}=${value}`);
  return [
    ["URL", status.url],
    ["Version", status.version ?? "unknown"],
    ["Client family", status.clientFamily],
    ["Group", `${status.group} on ${gateway.name}, listening on ${group.listen.host}:${group.listen.port}`],
    ["Priority", `${status.priority} (lower is preferred)`],
    ["Head", status.head === undefined ? "unknown" : `slot ${formatCount(status.head.slot)}, ${status.head.root}`],
    ["Justified", checkpoint(status.justified)],
    ["Finalized", checkpoint(status.finalized)],
    [
      "Syncing",
      `${told(status.isSyncing)}; sync distance ${status.syncDistance === undefined ? "not told" : formatCount(status.syncDistance)}`,
    ],
    ["Optimistic", told(status.isOptimistic)],
    ["Execution client", elState(status).word === "–" ? "unknown" : elState(status).word],
    ["Event stream", status.isStreamOpen ? "open" : "closed"],
    [
      "Head delay",
      status.headDelayMs === undefined
        ? "not measured"
        : `${status.headDelayMs.toFixed(1)} ms after the first node, mean of 32 heads`,
    ],
    ["Last answer", status.lastSeenAt === undefined ? "never" : fullInstant(status.lastSeenAt)],
    ["Labels", labels.length === 0 ? "none" : labels.join(", ")],
  ];
}
