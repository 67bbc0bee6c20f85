import { Link } from "@tanstack/react-router";
import type { IncidentDetail } from "../../../../src/api/contract-respond.ts";
import { useNow } from "../../live/use-now.ts";
import { ageWords, isOver, milestonesOf, severityMeaning, severityTone, typeWord } from "../../model/incident-words.ts";
import { Instant } from "../../parts/instant.tsx";
import { Notice } from "../../parts/notice.tsx";
import { EmbargoMark, SeverityMark } from "../../parts/severity-mark.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { IncidentActions } from "./incident-actions.tsx";
import styles from "./incident-head.module.css";

/** What it is, how bad, how far, since when; and the steps on its way with the time that each took. */
export function IncidentHead({ incident }: { incident: IncidentDetail }) {
  const { reference, title, severity, status, type, summary, mergedInto } = incident;
  const tone = severityTone(severity, status);
  return (
    <header>
      <p className={styles.back}>
        <Link to="/incidents">Incidents</Link>
      </p>
      <div className={styles.band} data-tone={tone}>
        <StateGlyph tone={tone} size={30} />
        <div className={styles.text}>
          <h1 className={styles.title}>
            <span className={styles.reference}>{reference}</span> {title}
          </h1>
          {summary !== "" && <p className={styles.summary}>{summary}</p>}
          <p className={styles.state}>
            <SeverityMark severity={severity} status={status} /> <strong>{status}</strong>, <Age incident={incident} />
            <span className={styles.quiet}>
              {" "}
              · {typeWord(type)} · {severityMeaning[severity]} · declared by {declaredBy(incident)}
            </span>{" "}
            {incident.isEmbargoed && <EmbargoMark />}
          </p>
        </div>
        <IncidentActions incident={incident} />
      </div>
      <Milestones incident={incident} />
      {incident.isEmbargoed && (
        <Notice tone="warn" title="Embargoed: keep it inside the circle of responders.">
          Nothing of it goes to public pages, feeds, logs or metrics. Do not copy it elsewhere.
        </Notice>
      )}
      {mergedInto !== undefined && (
        <Notice tone="aside" title={`Merged into ${mergedInto}.`}>
          <Link to="/incidents/$reference" params={{ reference: mergedInto }}>
            Open {mergedInto}
          </Link>
        </Notice>
      )}
      {!isOver(status) && incident.episodes.length > 0 && incident.alertsFiring === 0 && (
        <Notice tone="fine" title="None of its alerts fires any more.">
          If nothing else is wrong, resolve it.
        </Notice>
      )}
    </header>
  );
}

const declaredBy = ({ source }: IncidentDetail) => (source.kind === "person" ? source.by : "an alarm");

function Age({ incident }: { incident: IncidentDetail }) {
  const now = useNow();
  return <>{ageWords(incident, now)}</>;
}

function Milestones({ incident }: { incident: IncidentDetail }) {
  return (
    <ol className={styles.milestones} aria-label="Milestones">
      {milestonesOf(incident.instants).map(({ name, at, took }) => (
        <li key={name}>
          <span className={styles.name}>{name}</span> <Instant at={at} hasLocal={false} />{" "}
          {took !== "" && <span className={styles.took}>{took}</span>}
        </li>
      ))}
    </ol>
  );
}
