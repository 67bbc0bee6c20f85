import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useIsDark } from "../live/theme.ts";
import { formatShare } from "../model/amounts.ts";
import { utcTime } from "../model/format.ts";
import { chartOptions, type ChartLine } from "./chart-options.ts";
import styles from "./time-chart.module.css";

export interface TimeChartProps {
  title: string;
  /** One sentence with what the drawing shows: read by screen readers, and shown above it. */
  summary: string;
  /** Milliseconds, ascending; one value or hole per line and moment. */
  at: readonly number[];
  lines: readonly (ChartLine & { values: readonly (number | null)[] })[];
  fromAt: number;
  toAt: number;
  isStep?: boolean;
  /** The top of the scale is at least this. */
  atLeast?: number;
  /** The values are percentages: the scale goes from here to 100. */
  percentFrom?: number;
  /** Charts of one group share their cursor; those of the last hour do unless told otherwise. */
  group?: string;
  /** What the moment at an index is called, in place of its time. */
  nameAt?: (index: number) => string;
}

const heightPx = 104;

/** A small chart over time: follows theme and width, shares its cursor with its neighbours, and reads by arrow keys. */
export default function TimeChart(props: TimeChartProps) {
  const { title, summary, at, lines, fromAt, toAt } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const isDark = useIsDark();
  const [cursor, setCursor] = useState<number>();
  const shape = lines.map((line) => `${line.label}:${line.tone}:${line.kind}`).join("|");
  const data = (): uPlot.AlignedData => [[...at], ...lines.map((line) => [...line.values])];

  const create = useEffectEvent((element: HTMLDivElement): uPlot => {
    const options = chartOptions({
      element,
      lines,
      width: element.clientWidth,
      height: heightPx,
      isStep: props.isStep === true,
      atLeast: props.atLeast ?? 1,
      percentFrom: props.percentFrom,
      group: props.group ?? "last-hour",
      onCursor: (index) => setCursor(index),
    });
    const made = new uPlot(options, data(), element);
    made.setScale("x", { min: fromAt, max: toAt });
    return made;
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = create(element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [isDark, shape, props.percentFrom]);

  useEffect(() => {
    chart.current?.setData(data(), false);
    chart.current?.setScale("x", { min: fromAt, max: toAt });
  }, [at, lines, fromAt, toAt]);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    const made = chart.current;
    if (step === undefined || made === null || at.length === 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(at.length - 1, (made.cursor.idx ?? at.length - 1) + step));
    made.setCursor({ left: made.valToPos(at[next] ?? 0, "x"), top: heightPx / 3 });
  };

  const cursorAt = cursor === undefined ? undefined : at[cursor];
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{title}</span>{" "}
        <span className={styles.summary} aria-live="polite">
          {cursorAt === undefined
            ? summary
            : `${props.nameAt?.(cursor ?? 0) ?? `${utcTime(cursorAt)} UTC`}: ${wordsAt(lines, cursor, props.percentFrom !== undefined)}`}
        </span>
      </figcaption>
      <div
        ref={host}
        className={styles.host}
        role="img"
        tabIndex={0}
        aria-label={`${title}. ${summary} Arrow keys read single values.`}
        onKeyDown={move}
        onBlur={() => chart.current?.setCursor({ left: -10, top: -10 })}
      />
    </figure>
  );
}

/** Of several lines those that have a value there; where none has, that nothing is recorded. */
function wordsAt(lines: TimeChartProps["lines"], index: number | undefined, isPercent: boolean): string {
  const known = isPercent ? lines.filter(({ values }) => typeof values[index ?? 0] === "number") : lines;
  return known.length === 0 ? "not recorded" : known.map((line) => valueAt(line, index, isPercent)).join(", ");
}

function valueAt(line: TimeChartProps["lines"][number], index: number | undefined, isPercent: boolean): string {
  const value = index === undefined ? undefined : line.values[index];
  if (value === undefined || value === null) return `${line.label} not recorded`;
  return `${line.label} ${isPercent ? formatShare(value / 100) : Math.round(value * 10) / 10}`;
}
