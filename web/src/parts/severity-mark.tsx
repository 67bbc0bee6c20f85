import type { IncidentSeverity, IncidentStatus } from "../../../src/incidents/types.ts";
import { severityMeaning, severityTone } from "../model/incident-words.ts";
import styles from "./severity-mark.module.css";
import { StateGlyph } from "./state-glyph.tsx";

/** How bad an incident is: shape, colour and word. */
export function SeverityMark({ severity, status }: { severity: IncidentSeverity; status: IncidentStatus }) {
  const tone = severityTone(severity, status);
  return (
    <span className={styles.mark} data-tone={tone} title={severityMeaning[severity]}>
      <StateGlyph tone={tone} size={12} />
      {severity}
    </span>
  );
}

/** What is about an undisclosed weakness: it leaves the circle of responders by nobody's hand. */
export function EmbargoMark() {
  return (
    <span className={styles.embargo} title="Only responders may read it, and nobody may pass it on.">
      embargoed
    </span>
  );
}
