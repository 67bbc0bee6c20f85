import { useRef, useState, type PointerEvent } from "react";
import type { OnCallPage } from "../../../../src/api/contract-oncall.ts";
import { useOfNow } from "../../live/use-now.ts";
import { blocksOf, draggedRange, personMark, type CalendarBlock } from "../../model/calendar.ts";
import { localMoment } from "../../model/zone-time.ts";
import styles from "./calendar.module.css";

interface CalendarRowProps {
  page: OnCallPage;
  schedule: string;
  /** Midnights of its days, and the one after the last. */
  starts: readonly number[];
  onDragged: (range: { fromAt: number; toAt: number }) => void;
}

const dayNames = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric" });
const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;
/** A hand that only taps does not drag. */
const leastDragPx = 6;
const nowStepMs = 60_000;

/** Some days of one schedule on one line: people as blocks with their names, hatched where there is nobody. */
export function CalendarRow({ page, schedule, starts, onDragged }: CalendarRowProps) {
  const [fromAt = 0, toAt = 0] = [starts[0], starts.at(-1)];
  const now = useOfNow((at) => Math.floor(at / nowStepMs) * nowStepMs);
  const track = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<readonly [number, number]>();
  const people = page.people.map(({ name }) => name);
  const blocks = blocksOf(page, schedule, fromAt, toAt);
  const range = drag === undefined ? undefined : draggedRange(drag, fromAt, toAt);
  const span = toAt - fromAt;

  const placeOf = (event: PointerEvent): number => {
    const box = track.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? 0 : (event.clientX - box.left) / box.width;
  };
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const place = placeOf(event);
    setDrag([place, place]);
  };
  const move = (event: PointerEvent) => setDrag((before) => before && [before[0], placeOf(event)]);
  const end = () => {
    const width = track.current?.clientWidth ?? 0;
    const isDrag = drag !== undefined && Math.abs(drag[1] - drag[0]) * width >= leastDragPx;
    setDrag(undefined);
    if (isDrag && range !== undefined) onDragged(range);
  };

  return (
    <div className={styles.row}>
      <div className={styles.days} aria-hidden="true">
        {starts.slice(0, -1).map((at, index) => (
          <span key={at} style={{ width: percent(((starts[index + 1] ?? at) - at) / span) }}>
            {dayNames.format(at)}
          </span>
        ))}
      </div>
      <div
        ref={track}
        className={styles.track}
        data-track={schedule}
        onPointerDown={begin}
        onPointerMove={drag === undefined ? undefined : move}
        onPointerUp={end}
        onPointerCancel={() => setDrag(undefined)}
      >
        {starts.slice(1, -1).map((at) => (
          <span key={at} className={styles.day} style={{ left: percent((at - fromAt) / span) }} />
        ))}
        {blocks.map((block) => (
          <Block key={block.key} block={block} mark={personMark(block.person, people)} />
        ))}
        {now > fromAt && now < toAt && (
          <span className={styles.now} style={{ left: percent((now - fromAt) / span) }} title="now" />
        )}
        {range !== undefined && (
          <span
            className={styles.drag}
            style={{
              left: percent((range.fromAt - fromAt) / span),
              width: percent((range.toAt - range.fromAt) / span),
            }}
          />
        )}
      </div>
      <p className={styles.dragWords} role="status">
        {range !== undefined && `${localMoment(range.fromAt)} to ${localMoment(range.toAt)}`}
      </p>
    </div>
  );
}

function Block({ block: { kind, person, fromAt, toAt, left, width }, mark }: { block: CalendarBlock; mark: number }) {
  const who = kind === "gap" ? "nobody" : person;
  return (
    <span
      className={styles.block}
      data-kind={kind}
      data-mark={kind === "shift" ? mark : undefined}
      style={{ left: percent(left), width: percent(width) }}
      title={`${who}${kind === "override" ? ", override" : ""}: ${localMoment(fromAt)} to ${localMoment(toAt)}`}
    >
      {kind === "override" && <span className={styles.sign}>⇄</span>}
      <span className={styles.who}>{who}</span>
    </span>
  );
}
