import type { ReactNode } from "react";
import { useReasons } from "../../live/queries.ts";
import { useNow } from "../../live/use-now.ts";
import { nodeEvidence } from "../../model/evidence.ts";
import { formatCount, formatMs, fullInstant, plural } from "../../model/format.ts";
import type { NodeColumn } from "../../model/node-columns.ts";
import type { NodeRow } from "../../model/node-list.ts";
import { operationWords } from "../../model/operations.ts";
import { becauseWords, clientWords, elState, placeWords, slotsBehind } from "../../model/node-words.ts";
import type { TimelineSpan } from "../../model/timeline.ts";
import { StateLabel } from "../../parts/state-label.tsx";
import { TimelineStrip } from "../../parts/timeline-strip.tsx";
import styles from "./node-table.module.css";

interface NodeRowCellsProps {
  row: NodeRow;
  columns: readonly NodeColumn[];
  spans: readonly TimelineSpan[];
  isOpen: boolean;
  onToggle: () => void;
}

/** What stands in a cell, the fact behind it for the title, and its tone where it is worth a look. */
interface Cell {
  content: ReactNode;
  fact: string;
  tone?: "warn" | "bad" | undefined;
}

/** The row of one node. The name is the button that opens it; a click anywhere on the row does the same. */
export function NodeRowCells({ row, columns, spans, isOpen, onToggle }: NodeRowCellsProps) {
  const reason = useReasons()(row.status.reason);
  const { status } = row;
  return (
    <tr
      role="row"
      className={styles.row}
      data-tone={row.state.tone}
      data-drilled={row.fault !== undefined || undefined}
      data-stale={row.freshness.kind === "stale" || undefined}
      data-open-row={isOpen || undefined}
      onClick={onToggle}
    >
      {columns.map(({ id, title }) => {
        if (id === "node")
          return (
            <th key={id} role="rowheader" scope="row" data-column={id}>
              <button
                type="button"
                className={styles.name}
                data-row-button=""
                aria-expanded={isOpen}
                title={status.node}
                onClick={(event) => {
                  event.stopPropagation();
                  onToggle();
                }}
              >
                <span className={styles.twist} aria-hidden="true" />
                <span className={styles.nameText}>{status.node}</span>
              </button>
            </th>
          );
        const { content, fact, tone } = asOfNow(id, row, cellOf(id, row, reason, spans));
        return (
          <td
            key={id}
            role="cell"
            data-column={id}
            data-name={title}
            data-tone={tone}
            title={fact === "" ? undefined : nodeEvidence(row, fact)}
          >
            {content}
          </td>
        );
      })}
    </tr>
  );
}

function cellOf(
  id: Exclude<NodeColumn["id"], "node">,
  row: NodeRow,
  reason: { short: string; long: string },
  spans: readonly TimelineSpan[],
): Cell {
  const { status } = row;
  switch (id) {
    case "state":
      return {
        content: <StateLabel state={row.state} isDrilled={row.fault !== undefined} />,
        fact: `${status.health} since ${fullInstant(status.sinceAt)}`,
      };
    case "why": {
      const because = becauseWords(reason.short, status.detail);
      return {
        content: <Why row={row} because={because} />,
        fact: `${reason.short}${status.detail === "" ? "" : `: ${status.detail}`}\n${reason.long}`,
      };
    }
    case "head":
      return headCell(row);
    case "delay":
      return {
        content: status.headDelayMs === undefined ? "?" : `+${formatMs(status.headDelayMs)}`,
        fact: `mean delay after the first node to report a head: ${status.headDelayMs ?? "unknown"} ms over the last 32 heads`,
      };
    case "peers":
      return {
        content: status.peers === undefined ? "?" : formatCount(status.peers),
        fact: `peers ${status.peers ?? "unknown"}`,
        tone: status.peers === 0 ? "warn" : undefined,
      };
    case "latency":
      return {
        content: status.latencyMs === undefined ? "?" : formatMs(status.latencyMs),
        fact: `latency of the last probe ${status.latencyMs ?? "unknown"} ms`,
      };
    case "el": {
      const el = elState(status);
      return { content: el.word, fact: el.fact, tone: el.tone };
    }
    case "stream": {
      const word = status.isStreamOpen ? "open" : "closed";
      return { content: word, fact: `event stream ${word}`, tone: status.isStreamOpen ? undefined : "warn" };
    }
    case "client":
      return {
        content: clip(clientWords(status)),
        fact: `${status.clientFamily}\n${status.version ?? "version unknown"}`,
      };
    case "place":
      return { content: clip(placeWords(status.labels)), fact: placeWords(status.labels) };
    case "priority":
      return { content: formatCount(status.priority), fact: `priority ${status.priority}, lower is preferred` };
    case "hour":
      return { content: <TimelineStrip spans={spans} />, fact: "" };
  }
}

const measured: ReadonlySet<NodeColumn["id"]> = new Set(["head", "delay", "peers", "latency"]);

/** What a node said before it went down is no longer so: it goes to the title. */
function asOfNow(id: NodeColumn["id"], row: NodeRow, cell: Cell): Cell {
  if (row.status.health !== "down" || !measured.has(id)) return cell;
  return { content: "–", fact: `before it went down: ${cell.fact}` };
}

function headCell({ status }: NodeRow): Cell {
  const { head } = status;
  const lag = slotsBehind(status);
  if (head === undefined) return { content: "?", fact: "head unknown" };
  const words = lag === undefined ? "?" : lag === 0 ? "±0" : `−${formatCount(lag)}`;
  const content = (
    <>
      {formatCount(head.slot)}{" "}
      <span className={styles.lag} data-late={(lag ?? 0) > 1 || undefined}>
        {words}
      </span>
    </>
  );
  return { content, fact: `head slot ${head.slot}, ${lag ?? "?"} slots behind the clock\n${head.root}` };
}

const clip = (text: string) => <span className={styles.clip}>{text}</span>;

/** Why the node is as it is; what a person has begun on it comes first, because it explains the rest. */
function Why({ row, because }: { row: NodeRow; because: string }) {
  const now = useNow();
  const warnings = row.status.warnings.length;
  const operation = operationWords(row, now);
  return (
    <span className={styles.clamp}>
      {operation !== undefined && (
        <strong className={styles.operation} data-tone={operation.tone}>
          {operation.text}
        </strong>
      )}
      {operation === undefined && because}
      {warnings > 0 && <span className={styles.warning}> · {plural(warnings, "warning")}</span>}
    </span>
  );
}
