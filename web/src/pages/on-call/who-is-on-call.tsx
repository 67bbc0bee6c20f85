import type { OnCallNow, OnCallPage } from "../../../../src/api/contract-oncall.ts";
import { calendarPath } from "../../live/alerts-api.ts";
import { useNow } from "../../live/use-now.ts";
import { untilWords } from "../../model/on-call-words.ts";
import { onAllClocks } from "../../model/zone-time.ts";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./who-is-on-call.module.css";

/** Each schedule: who has it, until when, and who is next, on every clock that matters. */
export function WhoIsOnCall({ page, isStale }: { page: OnCallPage; isStale: boolean }) {
  if (page.now.length === 0) return null;
  return (
    <Section title="Now and next" isStale={isStale}>
      <ul aria-label="Schedules">
        {page.now.map((now) => (
          <Schedule key={now.schedule} schedule={now} isStale={isStale} />
        ))}
      </ul>
    </Section>
  );
}

function Schedule({ schedule, isStale }: { schedule: OnCallNow; isStale: boolean }) {
  const now = useNow();
  const { person, next, until, timeZone } = schedule;
  return (
    <li className={styles.item}>
      <div className={styles.name}>
        <strong>{schedule.schedule}</strong>
        <span className={styles.quiet}>{timeZone}</span>
      </div>
      <div className={styles.who}>
        <p className={styles.person} data-nobody={person === undefined || undefined}>
          <StateGlyph tone={isStale ? "unknown" : person === undefined ? "bad" : "fine"} size={14} />
          {person ?? "nobody"}
          <span className={styles.quiet}>{untilWords(schedule, now)}</span>
        </p>
        {until !== undefined && <p className={styles.quiet}>until {onAllClocks(until, timeZone)}</p>}
      </div>
      <div className={styles.who}>
        {(next !== undefined || until !== undefined) && (
          <p>
            <span className={styles.quiet}>then</span> <strong>{next?.person ?? "nobody is planned"}</strong>
          </p>
        )}
        {next !== undefined && next.fromAt !== until && (
          <p className={styles.quiet}>from {onAllClocks(next.fromAt, timeZone)}</p>
        )}
      </div>
      <a href={calendarPath(schedule.schedule)} download={`${schedule.schedule}.ics`}>
        Calendar (iCal)
      </a>
    </li>
  );
}
