import { Link } from "@tanstack/react-router";
import type { IncidentRow } from "../../../../src/api/contract-respond.ts";
import { useNow } from "../../live/use-now.ts";
import { formatCount, formatDuration } from "../../model/format.ts";
import { isHidden, scopeWord, typeWord } from "../../model/incident-words.ts";
import { Instant } from "../../parts/instant.tsx";
import { EmbargoMark, SeverityMark } from "../../parts/severity-mark.tsx";
import styles from "./incident-list.module.css";

const columns = ["Severity", "Incident", "Status", "Scope", "Since", "Commander", "Firing"] as const;

/** One line each; the title leads to the incident. */
export function IncidentList({ rows, isOver }: { rows: readonly IncidentRow[]; isOver: boolean }) {
  return (
    <table className={styles.table} role="table">
      <caption className="only-heard">
        {isOver ? "Incidents that are over, newest first" : "Open incidents, worst first"}
      </caption>
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          {columns.map((title) => (
            <th key={title} role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <Row key={row.reference} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { row: IncidentRow }) {
  const hidden = isHidden(row);
  return (
    <tr role="row" className={styles.row}>
      <td role="cell" className={styles.severity}>
        <SeverityMark severity={row.severity} status={row.status} />
      </td>
      <th role="rowheader" scope="row" className={styles.what}>
        <Link
          to="/incidents/$reference"
          params={{ reference: row.reference }}
          className={styles.link}
          data-row-button=""
        >
          <span className={styles.reference}>{row.reference}</span>{" "}
          {!hidden && <span className={styles.title}>{row.title}</span>}
        </Link>{" "}
        {row.isEmbargoed && <EmbargoMark />}
        {!hidden && row.type !== "outage" && !row.isEmbargoed && (
          <span className={styles.quiet}> {typeWord(row.type)}</span>
        )}
      </th>
      <td role="cell" data-name="Status">
        {row.status}
        {row.status !== "resolved" && row.acknowledgedAt === undefined && row.resolvedAt === undefined && (
          <span className={styles.quiet}>, nobody has it yet</span>
        )}
      </td>
      <td role="cell" data-name="Scope">
        {hidden ? "–" : scopeWord(row.scope)}
      </td>
      <td role="cell" data-name="Since" className={styles.since}>
        <Instant at={row.declaredAt} hasLocal={false} /> <Age row={row} />
      </td>
      <td role="cell" data-name="Commander" className={styles.commander}>
        {row.commander ?? "–"}
      </td>
      <td role="cell" data-name="Firing" className={styles.firing} data-quiet={row.alertsFiring === 0 || undefined}>
        {formatCount(row.alertsFiring)}
        <span className="only-heard"> {row.alertsFiring === 1 ? "alert fires" : "alerts fire"}</span>
      </td>
    </tr>
  );
}

function Age({ row }: { row: IncidentRow }) {
  const now = useNow();
  const isOver = row.resolvedAt !== undefined;
  const ms = (row.resolvedAt ?? now) - row.declaredAt;
  return (
    <span className={styles.quiet} title={isOver ? "declared until resolved" : "since it was declared"}>
      {isOver ? `took ${formatDuration(ms)}` : formatDuration(ms)}
    </span>
  );
}
