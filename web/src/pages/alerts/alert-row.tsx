import { memo } from "react";
import type { ShownAlert } from "../../../../src/api/contract-respond.ts";
import { useReasons } from "../../live/queries.ts";
import { useOfNow } from "../../live/use-now.ts";
import { alertName, severityTone } from "../../model/alert-list.ts";
import { labelText, suppressionWords } from "../../model/alert-words.ts";
import { formatDuration, fullInstant } from "../../model/format.ts";
import { webLink } from "../../model/web-link.ts";
import { Button } from "../../parts/button.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./alert-row.module.css";

interface AlertRowProps {
  alert: ShownAlert;
  onSilence: (alert: ShownAlert) => void;
}

/** One alert: what it says, on what, since when, and what keeps it from being told. Opens to the rest. */
export const AlertRow = memo(function AlertRow({ alert, onSilence }: AlertRowProps) {
  const age = useOfNow((now) => formatDuration(now - alert.startsAt));
  const name = alertName(alert) || alert.summary;
  const isPending = alert.state === "pending";
  return (
    <li className={styles.item} data-quiet={alert.suppressedBy.length > 0 || isPending || undefined}>
      <details className={styles.details}>
        <summary className={styles.line} data-row-button="">
          <span className={styles.severity}>
            <StateGlyph tone={isPending ? "wait" : severityTone(alert.severity)} size={12} />
            {alert.severity}
          </span>
          <span className={styles.what}>
            <strong>{name}</strong> {alert.summary !== name && alert.summary}
            <Marks alert={alert} />
            <span className={styles.labels}>{labelText(alert.labels)}</span>
          </span>
          <span className={styles.since} title={fullInstant(alert.startsAt)}>
            {alert.state} for {age}
          </span>
        </summary>
        <AlertBody alert={alert} />
      </details>
      <div className={styles.act}>
        <Button aria-label={`Silence ${name} ${labelText(alert.labels)}`} onClick={() => onSilence(alert)}>
          Silence…
        </Button>
      </div>
    </li>
  );
});

function Marks({ alert }: { alert: ShownAlert }) {
  const reasonOf = useReasons("alerts");
  return (
    <>
      {alert.unknownSince > 0 && (
        <span className={styles.mark} title={`Its facts are missing since ${fullInstant(alert.unknownSince)}.`}>
          facts unknown
        </span>
      )}
      {alert.suppressedBy.map((one) => (
        <span key={`${one.kind} ${one.id}`} className={styles.mark}>
          suppressed by {suppressionWords(one, reasonOf)}
        </span>
      ))}
    </>
  );
}

function AlertBody({ alert }: { alert: ShownAlert }) {
  const link = webLink(alert.runbook);
  return (
    <div className={styles.body}>
      {alert.description !== "" && <p>{alert.description}</p>}
      <dl className={styles.facts}>
        <dt>Since</dt>
        <dd>{fullInstant(alert.startsAt)}</dd>
        {alert.value !== null && (
          <>
            <dt>Value</dt>
            <dd>{alert.value}</dd>
          </>
        )}
        {alert.unknownSince > 0 && (
          <>
            <dt>Facts missing since</dt>
            <dd>{fullInstant(alert.unknownSince)}; it keeps its state, because missing data is no all-clear.</dd>
          </>
        )}
        <dt>From</dt>
        <dd>{alert.source === "rules" ? "own rules" : alert.source}</dd>
        {alert.incident !== undefined && (
          <>
            <dt>Incident</dt>
            <dd>
              <a href={`/incidents/${encodeURIComponent(alert.incident)}`}>{alert.incident}</a>
            </dd>
          </>
        )}
        <dt>Labels</dt>
        <dd className={styles.labels}>
          {Object.entries(alert.labels).map(([label, value]) => (
            <span key={label} className={styles.pair}>
              {label}={value}
            </span>
          ))}
        </dd>
        {alert.runbook !== "" && (
          <>
            <dt>Runbook</dt>
            <dd>
              {link === undefined ? (
                alert.runbook
              ) : (
                <a href={link} rel="noreferrer" target="_blank">
                  {link}
                </a>
              )}
            </dd>
          </>
        )}
      </dl>
      {alert.playbook !== "" && <p className={styles.playbook}>{alert.playbook}</p>}
    </div>
  );
}
