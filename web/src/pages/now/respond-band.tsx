import { Link } from "@tanstack/react-router";
import type { RespondNow } from "../../../../src/api/contract-respond.ts";
import { useRespondNow } from "../../live/respond-queries.ts";
import { useNow } from "../../live/use-now.ts";
import { formatDuration, plural } from "../../model/format.ts";
import { isHidden, severityTone, worstFirst } from "../../model/incident-words.ts";
import { firingWords, undeliveredWords } from "../../model/respond-words.ts";
import { EmbargoMark } from "../../parts/severity-mark.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./respond-band.module.css";

const mostShown = 6;
const alerts: string = "/alerts";
const settings: string = "/settings";

/** Open incidents, alarms and messages that stuck, under the sentence of state; nothing where there is nothing. */
export function RespondBand() {
  const respond = useRespondNow();
  if (respond === undefined) return null;
  const rows = worstFirst(respond.openIncidents);
  const firing = firingWords(respond);
  const undelivered = undeliveredWords(respond);
  return (
    <>
      {(rows.length > 0 || firing !== undefined || undelivered !== undefined) && (
        <ul className={styles.list} aria-label="Incidents and alarms">
          {rows.slice(0, mostShown).map((row) => (
            <Incident key={row.reference} row={row} />
          ))}
          {rows.length > mostShown && (
            <li>
              <Link to="/incidents" className={styles.line}>
                <StateGlyph tone="warn" size={12} />
                <span className={styles.text}>{plural(rows.length - mostShown, "more incident")} open</span>
              </Link>
            </li>
          )}
          {firing !== undefined && (
            <li>
              <Link to={alerts} className={styles.line}>
                <StateGlyph tone={firing.tone} size={12} />
                <span className={styles.kind} data-tone={firing.tone}>
                  Alerts
                </span>
                <span className={styles.text}>{firing.text}</span>
              </Link>
            </li>
          )}
          {undelivered !== undefined && (
            <li>
              <Link to={alerts} className={styles.line}>
                <StateGlyph tone="warn" size={12} />
                <span className={styles.kind} data-tone="warn">
                  Sending
                </span>
                <span className={styles.text}>{undelivered}</span>
              </Link>
            </li>
          )}
        </ul>
      )}
      {!respond.isAnybodyTold && (
        <p className={styles.untold}>
          <StateGlyph tone="aside" size={12} />
          <span>
            Nobody is told: alarms are shown here only, because no channel with a route is configured.{" "}
            <Link to={settings}>Settings</Link>
          </span>
        </p>
      )}
    </>
  );
}

function Incident({ row }: { row: RespondNow["openIncidents"][number] }) {
  const now = useNow();
  const tone = severityTone(row.severity, row.status);
  const taken = row.commander ?? (row.acknowledgedAt === undefined ? "nobody has it yet" : "acknowledged");
  return (
    <li>
      <Link to="/incidents/$reference" params={{ reference: row.reference }} className={styles.line}>
        <StateGlyph tone={tone} size={12} />
        <span className={styles.kind} data-tone={tone}>
          {row.severity}
        </span>
        <span className={styles.incident}>
          <span className={styles.text}>
            {row.reference} {!isHidden(row) && row.title}
          </span>{" "}
          {row.isEmbargoed && <EmbargoMark />}
          <span className={styles.quiet}>
            {" "}
            {row.status} · {formatDuration(now - row.declaredAt)} · {taken}
          </span>
        </span>
      </Link>
    </li>
  );
}
