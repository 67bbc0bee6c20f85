import { lazy, Suspense, useMemo, useState } from "react";
import { useHistory, windowMs } from "../../live/queries.ts";
import { loadPersistently } from "../../live/load-persistently.ts";
import { useNow } from "../../live/use-now.ts";
import { formatCount, formatRate, plural, utcTime } from "../../model/format.ts";
import { extremes, historySeries, windowFrom, type HistorySeries } from "../../model/history.ts";
import type { GroupRows } from "../../model/node-list.ts";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import styles from "./last-hour.module.css";

const TimeChart = lazy(() => loadPersistently(() => import("../../parts/time-chart.tsx")));
/** The window moves this often; the charts need not be drawn anew each second. */
const stepMs = 10_000;

export function LastHour({ groups }: { groups: readonly GroupRows[] }) {
  const { data, failureReason } = useHistory();
  const [chosen, setChosen] = useState("");
  const toAt = Math.ceil(useNow() / stepMs) * stepMs;
  const series = useMemo(
    () => historySeries(data ?? [], (point) => chosen === "" || `${point.gateway}/${point.group}` === chosen),
    [data, chosen],
  );
  const fromAt = windowFrom(series.at[0], toAt, windowMs);
  const isYoung = toAt - fromAt < windowMs;
  return (
    <Section
      title={isYoung ? `Last ${plural((toAt - fromAt) / 60_000, "minute")}` : "Last hour"}
      aside={groups.length > 1 && <GroupChoice groups={groups} chosen={chosen} onChoose={setChosen} />}
    >
      {data === undefined ? (
        <Notice
          tone="unknown"
          title={failureReason === null ? "Reading the last hour…" : "The last hour cannot be read."}
        >
          {failureReason?.message}
        </Notice>
      ) : series.at.length < 2 ? (
        <Notice tone="unknown" title="Nothing has been recorded yet.">
          The first samples show here within half a minute.
        </Notice>
      ) : (
        <Suspense fallback={<p className={styles.wait}>Loading the charts. If they stay away, reload the page.</p>}>
          <Charts series={series} fromAt={fromAt} toAt={toAt} />
        </Suspense>
      )}
    </Section>
  );
}

function GroupChoice(props: { groups: readonly GroupRows[]; chosen: string; onChoose: (key: string) => void }) {
  return (
    <select
      className={styles.choice}
      aria-label="Group drawn"
      value={props.chosen}
      onChange={(event) => props.onChoose(event.target.value)}
    >
      <option value="">all groups</option>
      {props.groups.map(({ key, group, gateway }) => (
        <option key={key} value={key}>
          {group.group} · {gateway.name}
        </option>
      ))}
    </select>
  );
}

function Charts({ series, fromAt, toAt }: { series: HistorySeries; fromAt: number; toAt: number }) {
  const { at } = series;
  const window = { at, fromAt, toAt };
  const ready = extremes(at, series.ready);
  const total = extremes(at, series.total);
  const rate = extremes(at, series.perSecond);
  const finality = extremes(at, series.finality);
  const failed = series.failed.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const readyLines = useMemo(
    () => [
      { label: "ready", tone: "fine", kind: "line", values: series.ready } as const,
      { label: "of", tone: "muted", kind: "bound", values: series.total } as const,
    ],
    [series],
  );
  const rateLines = useMemo(
    () => [
      { label: "requests a second", tone: "accent", kind: "line", values: series.perSecond } as const,
      { label: "failed", tone: "bad", kind: "bars", values: series.failed } as const,
    ],
    [series],
  );
  const finalityLines = useMemo(
    () => [{ label: "epochs", tone: "fine", kind: "line", values: series.finality } as const],
    [series],
  );
  return (
    <>
      <TimeChart
        title="Ready nodes"
        summary={
          ready === undefined
            ? "no samples"
            : `${ready.last} of ${total?.last ?? "?"} now, lowest ${ready.min}${ready.min < ready.max ? ` at ${utcTime(ready.minAt)} UTC` : ""}`
        }
        lines={readyLines}
        atLeast={total?.max ?? 1}
        isStep
        {...window}
      />
      <TimeChart
        title="Requests a second"
        summary={
          rate === undefined
            ? "no samples"
            : `${formatRate(rate.last)} now, highest ${formatRate(rate.max)}; ${failed === 0 ? "none failed" : plural(failed, "failed", "failed")}`
        }
        lines={rateLines}
        {...window}
      />
      <TimeChart
        title="Epochs since finality"
        summary={
          finality === undefined
            ? "no samples"
            : `${formatCount(finality.last)} now, highest ${formatCount(finality.max)}`
        }
        lines={finalityLines}
        atLeast={4}
        isStep
        {...window}
      />
    </>
  );
}
