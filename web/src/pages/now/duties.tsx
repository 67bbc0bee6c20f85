import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import type { DutiesNow, EpochsPage } from "../../../../src/api/contract-duties.ts";
import { useDuties, useEpochs } from "../../live/duties-queries.ts";
import { loadPersistently } from "../../live/load-persistently.ts";
import { useReasons } from "../../live/queries.ts";
import { useDutiesStale } from "../../live/use-duties-stale.ts";
import { useNow } from "../../live/use-now.ts";
import { formatShare, shareOf } from "../../model/amounts.ts";
import { dutiesFreshness, dutiesTone } from "../../model/duties-state.ts";
import { epochAt, epochSeries, gapWords, percentFloor } from "../../model/epoch-series.ts";
import { formatCount, formatDuration, plural } from "../../model/format.ts";
import { Notice } from "../../parts/notice.tsx";
import { NoValidators } from "../../parts/no-validators.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import { Causes } from "./causes.tsx";
import styles from "./duties.module.css";
import { LiveSlots } from "./live-slots.tsx";
import { NextDuties } from "./next-duties.tsx";
import { SlaBudgets } from "./sla-budgets.tsx";

const TimeChart = lazy(() => loadPersistently(() => import("../../parts/time-chart.tsx")));

/** Everything of Now that validators bring: nothing but one quiet line where none is watched. */
export function Duties() {
  const { data: duties, failureReason } = useDuties();
  const now = useNow();
  if (duties === undefined)
    return failureReason === null ? null : (
      <Notice tone="unknown" title="Duties cannot be read.">
        {failureReason.message}
      </Notice>
    );
  if (duties.state === "off") return <NoValidators />;
  const freshness = dutiesFreshness(duties, now);
  const isStale = freshness.kind === "stale";
  const tone = dutiesTone(duties, isStale);
  return (
    <>
      <Section
        isStale={isStale}
        title={
          <span className={styles.title}>
            <StateGlyph tone={tone} /> Duties
            <span className={styles.word} data-tone={tone}>
              {freshness.kind === "stale" ? `unknown for ${formatDuration(freshness.ageMs)}` : duties.state}
            </span>
          </span>
        }
        aside={
          <Link to="/validators">
            {plural(duties.watched, "validator")}
            {duties.network !== undefined && ` of ${formatCount(duties.network)}`}
          </Link>
        }
      >
        <p className={styles.sentence}>
          {isStale && "Last known: "}
          {duties.sentence}
        </p>
        <AttestationChart duties={duties} />
        <LiveSlots duties={duties} isStale={isStale} />
      </Section>
      <Causes duties={duties} isStale={isStale} />
    </>
  );
}

/** What is owed and what comes: nothing where no validator is watched. */
export function DutiesAside() {
  const { data: duties } = useDuties();
  const isStale = useDutiesStale();
  if (duties === undefined || duties.state === "off") return null;
  return (
    <>
      <SlaBudgets isStale={isStale} />
      <NextDuties isStale={isStale} />
    </>
  );
}

function AttestationChart({ duties }: { duties: DutiesNow }) {
  const { data, failureReason } = useEpochs();
  if (data === undefined)
    return (
      <Notice tone="unknown" title={failureReason === null ? "Reading the epochs…" : "The epochs cannot be read."}>
        {failureReason?.message}
      </Notice>
    );
  if (data.epochs.length < 2)
    return (
      <Notice tone="unknown" title="Too few epochs have been judged for a line.">
        It begins with the second one.
      </Notice>
    );
  return (
    <>
      <Suspense fallback={<p className={styles.wait}>Loading the chart. If it stays away, reload the page.</p>}>
        <Lines page={data} duties={duties} />
      </Suspense>
      <Gaps page={data} />
    </>
  );
}

function Lines({ page, duties }: { page: EpochsPage; duties: DutiesNow }) {
  const { genesisTimeMs, slotDurationMs, slotsPerEpoch } = duties;
  const drawn = useMemo(() => {
    const series = epochSeries(page);
    const clock = { genesisTimeMs, slotDurationMs, slotsPerEpoch };
    return {
      at: series.epochs.map((epoch) => epochAt(epoch, clock)),
      series,
      floor: percentFloor([...series.ours, ...series.provisional, ...series.network]),
      lines: [
        { label: "network", tone: "muted", kind: "line", values: series.network } as const,
        { label: "ours", tone: "fine", kind: "line", values: series.ours } as const,
        { label: "ours, provisional", tone: "fine", kind: "bound", values: series.provisional } as const,
      ],
    };
  }, [page, genesisTimeMs, slotDurationMs, slotsPerEpoch]);
  const { at, series, floor, lines } = drawn;
  const newest = page.epochs.at(-1);
  const summary =
    newest === undefined
      ? "no epoch"
      : `epoch ${formatCount(newest.epoch)} (${newest.state}): ours ${formatShare(shareOf(newest.watched.included, newest.watched.assigned))}, network ${formatShare(shareOf(newest.network.included, newest.network.assigned))}`;
  return (
    <>
      <TimeChart
        title="Attestations included"
        summary={summary}
        at={at}
        lines={lines}
        fromAt={at[0] ?? 0}
        toAt={at.at(-1) ?? 1}
        percentFrom={floor}
        group="epochs"
        nameAt={(index) => `epoch ${formatCount(series.epochs[index] ?? 0)}`}
      />
      <ul className={styles.key} aria-label="Lines of the chart">
        <li data-line="ours">ours</li>
        <li data-line="provisional">ours, provisional: may still change</li>
        <li data-line="network">the whole network</li>
      </ul>
    </>
  );
}

function Gaps({ page }: { page: EpochsPage }) {
  const reasonOf = useReasons("duties");
  return page.gaps.map((gap) => (
    <p key={gap.fromEpoch} className={styles.gap}>
      {gapWords(gap, reasonOf(gap.reason).short)}
    </p>
  ));
}
