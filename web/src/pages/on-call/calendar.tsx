import type { OnCallNow, OnCallPage, OverrideBody } from "../../../../src/api/contract-oncall.ts";
import { shownDays } from "../../live/alerts-queries.ts";
import { useMedia } from "../../live/use-media.ts";
import { calendarRows, dayStarts } from "../../model/calendar.ts";
import { localZone } from "../../model/format.ts";
import { gapWords } from "../../model/on-call-words.ts";
import { localMoment } from "../../model/zone-time.ts";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./calendar.module.css";
import { CalendarRow } from "./calendar-row.tsx";

interface CalendarProps {
  page: OnCallPage;
  isStale: boolean;
  onOverride: (draft: Partial<OverrideBody>) => void;
}

/** Two weeks of each schedule. Dragged over, or by its button, a time goes to somebody else. */
export function Calendar({ page, isStale, onOverride }: CalendarProps) {
  const isNarrow = useMedia("(width < 860px)");
  const rows = calendarRows(dayStarts(page.at, shownDays), isNarrow ? 7 : shownDays);
  return (
    <Section
      title="Next 14 days"
      isStale={isStale}
      aside={
        <span>
          days of {localZone}
          {page.now.length > 0 && (
            <>
              {" · "}
              <Button onClick={() => onOverride({})}>
                Add an override… <kbd>o</kbd>
              </Button>
            </>
          )}
        </span>
      }
    >
      {page.now.length === 0 ? (
        <Notice tone="unknown" title="There is no schedule to show." />
      ) : (
        <>
          {page.now.map((schedule) => (
            <Schedule key={schedule.schedule} schedule={schedule} page={page} rows={rows} onOverride={onOverride} />
          ))}
          <p className={styles.legend}>
            <span className={styles.legendBlock} data-kind="override">
              ⇄ override
            </span>
            <span className={styles.legendBlock} data-kind="gap">
              nobody
            </span>
            Drag over a schedule to give that time to somebody else.
          </p>
        </>
      )}
    </Section>
  );
}

interface ScheduleProps {
  schedule: OnCallNow;
  page: OnCallPage;
  rows: readonly (readonly number[])[];
  onOverride: (draft: Partial<OverrideBody>) => void;
}

function Schedule({ schedule: { schedule, timeZone }, page, rows, onOverride }: ScheduleProps) {
  const shifts = page.shifts.filter((shift) => shift.schedule === schedule);
  const gaps = page.gaps.filter((gap) => gap.schedule === schedule);
  const planned = [
    ...shifts.map(({ fromAt, toAt, person, by }) => ({ fromAt, toAt, who: person, by })),
    ...gaps.map(({ fromAt, toAt }) => ({ fromAt, toAt, who: "nobody", by: "gap" })),
  ].toSorted((a, b) => a.fromAt - b.fromAt);
  return (
    <div className={styles.schedule} role="group" aria-label={`Schedule ${schedule}`}>
      <p className={styles.head}>
        <strong>{schedule}</strong> <span className={styles.quiet}>planned in {timeZone}</span>
      </p>
      {rows.map((starts) => (
        <CalendarRow
          key={starts[0]}
          page={page}
          schedule={schedule}
          starts={starts}
          onDragged={(range) => onOverride({ schedule, ...range })}
        />
      ))}
      {gaps.length > 0 && (
        <p className={styles.gaps}>
          <StateGlyph tone="bad" size={12} />
          {gapWords(gaps)}
        </p>
      )}
      <details className={styles.list}>
        <summary>The same as a list</summary>
        <ol>
          {planned.map(({ fromAt, toAt, who, by }) => (
            <li key={`${fromAt} ${who}`}>
              <strong>{who}</strong> {localMoment(fromAt)} to {localMoment(toAt)}
              <span className={styles.quiet}>
                {" "}
                {by === "override" ? "override" : by === "gap" ? "" : `layer ${by}`}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}
