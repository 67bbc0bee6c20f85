import { formatDuration, utcTime } from "../model/format.ts";
import { timelineSummary, type TimelineSpan } from "../model/timeline.ts";
import styles from "./timeline-strip.module.css";

const height = 18;

/** Height says how bad, so that the strip reads without colour: low when ready, full when down, a dotted line for no record. */
const rise: Readonly<Record<TimelineSpan["health"], number>> = {
  ready: 5,
  warming: 9,
  syncing: 11,
  unknown: 11,
  suspect: 14,
  down: height,
  unrecorded: 2,
};

/** A node's last hour. Spans are stretched to the width; at least 1 ‰ wide, so that a short fault stays visible. */
export function TimelineStrip({ spans }: { spans: readonly TimelineSpan[] }) {
  const fromAt = spans[0]?.fromAt ?? 0;
  const lengthMs = (spans.at(-1)?.toAt ?? 1) - fromAt || 1;
  return (
    <svg
      className={styles.strip}
      viewBox={`0 0 1000 ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Last hour: ${timelineSummary(spans, formatDuration)}`}
    >
      {spans.map((span) => {
        const width = Math.max(4, ((span.toAt - span.fromAt) / lengthMs) * 1000);
        const x = Math.min(1000 - width, ((span.fromAt - fromAt) / lengthMs) * 1000);
        const rest = span.operator === "active" ? "" : `, ${span.operator}`;
        const word = span.health === "unrecorded" ? "no record" : span.health;
        return (
          <rect
            key={`${span.fromAt}-${span.health}`}
            x={x}
            width={width}
            y={height - rise[span.health]}
            height={rise[span.health]}
            data-health={span.health}
            data-aside={span.operator !== "active" || undefined}
          >
            <title>{`${word}${rest}: ${utcTime(span.fromAt)} to ${utcTime(span.toAt)} UTC, ${formatDuration(span.toAt - span.fromAt)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
