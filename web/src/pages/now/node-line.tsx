import { Link } from "@tanstack/react-router";
import { useReasons } from "../../live/queries.ts";
import { useNow } from "../../live/use-now.ts";
import { nodeEvidence } from "../../model/evidence.ts";
import { formatCount, formatMs, fullInstant, plural } from "../../model/format.ts";
import type { NodeRow } from "../../model/node-list.ts";
import { operationWords } from "../../model/operations.ts";
import { becauseWords, slotsBehind } from "../../model/node-words.ts";
import { StateLabel } from "../../parts/state-label.tsx";
import styles from "./node-line.module.css";

/** One node in one line; leads to its evidence on the Nodes page. */
export function NodeLine({ row }: { row: NodeRow }) {
  const reasonOf = useReasons();
  const { status, state } = row;
  // What a node said before it went down is no longer so; its titles and the Nodes page still tell it.
  const isDown = status.health === "down";
  const last = isDown ? "before it went down: " : "";
  const isQuiet = state.tone === "fine";
  // One slot back is where every node is until the present slot's block has come.
  const operation = operationWords(row, useNow());
  const lag = slotsBehind(status);
  return (
    <li className={styles.item} data-stale={row.freshness.kind === "stale" || undefined}>
      <Link to="/nodes" search={{ open: row.key }} className={styles.line} data-tone={state.tone}>
        <span className={styles.name}>{status.node}</span>
        <StateLabel
          state={state}
          isDrilled={row.fault !== undefined}
          title={nodeEvidence(row, `${status.health} since ${fullInstant(status.sinceAt)}`)}
        />
        <span className={styles.why} title={`${reasonOf(status.reason).short}\n${status.detail}`}>
          {operation !== undefined && (
            <span className={styles.operation} data-tone={operation.tone}>
              {operation.text}
            </span>
          )}
          {operation === undefined && !isQuiet && becauseWords(reasonOf(status.reason).short, status.detail)}
          {status.warnings.length > 0 && (
            <span className={styles.warning}> {plural(status.warnings.length, "warning")}</span>
          )}
        </span>
        <span className={styles.number} title={nodeEvidence(row, last + headText(row))}>
          {isDown ? "head –" : lag === undefined ? "head ?" : lag <= 1 ? "at head" : `${formatCount(lag)} behind`}
        </span>
        <span className={styles.number} title={nodeEvidence(row, `${last}peers ${status.peers ?? "unknown"}`)}>
          {isDown ? "– peers" : status.peers === undefined ? "? peers" : plural(status.peers, "peer")}
        </span>
        <span className={styles.number} title={nodeEvidence(row, `${last}latency ${status.latencyMs ?? "unknown"} ms`)}>
          {isDown ? "– ms" : status.latencyMs === undefined ? "? ms" : formatMs(status.latencyMs)}
        </span>
      </Link>
    </li>
  );
}

function headText({ status }: NodeRow): string {
  if (status.head === undefined) return "head unknown";
  return `head slot ${status.head.slot}, ${status.headLagSlots ?? "?"} behind the clock\n${status.head.root}`;
}
