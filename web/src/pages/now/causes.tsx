import type { CausesPage, DutiesNow } from "../../../../src/api/contract-duties.ts";
import { useCauses } from "../../live/duties-queries.ts";
import { useCoin } from "../../live/use-coin.ts";
import { useReasons } from "../../live/queries.ts";
import { formatGwei, formatShare, shareOf } from "../../model/amounts.ts";
import { formatCount, formatDuration, plural } from "../../model/format.ts";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import styles from "./causes.module.css";

const windowHours = 6;
const shownLabels = 3;

/** Why duties were lost in the last hours, largest first, and which labels the losses have in common. */
export function Causes({ duties, isStale }: { duties: DutiesNow; isStale: boolean }) {
  const epochMs = Math.max(1, duties.slotsPerEpoch * duties.slotDurationMs);
  const epochs = Math.max(1, Math.round((windowHours * 3_600_000) / epochMs));
  const { data, failureReason } = useCauses(Math.max(0, (duties.provisionalEpoch ?? 0) + 1 - epochs));
  const coin = useCoin();
  const reasonOf = useReasons("cause");
  const span = `last ${plural(epochs, "epoch")}, ${formatDuration(epochs * epochMs)}`;
  return (
    <Section
      title="Losses by cause"
      isStale={isStale}
      aside={
        data !== undefined && data.lost > 0 ? `${span}; ${formatShare(data.unknownShare)} without a known cause` : span
      }
    >
      {data === undefined ? (
        <Notice tone="unknown" title={failureReason === null ? "Reading the losses…" : "The losses cannot be read."}>
          {failureReason?.message}
        </Notice>
      ) : data.lost === 0 ? (
        <p className={styles.quiet}>
          {duties.provisionalEpoch === undefined ? "No epoch has been judged yet." : "No duty was lost."}
        </p>
      ) : (
        <>
          <ol className={styles.list}>
            {[...data.causes]
              .sort((a, b) => b.lost - a.lost)
              .map(({ code, lost, validators, lostGwei }) => (
                <li key={code} className={styles.item} title={reasonOf(code).long}>
                  <span className={styles.bar} aria-hidden="true">
                    <span
                      style={{ width: `${(shareOf(lost, data.lost) ?? 0) * 100}%` }}
                      data-unknown={code === "unknown" || undefined}
                    />
                  </span>
                  <span className={styles.what}>{reasonOf(code).short}</span>
                  <span className={styles.numbers}>
                    {plural(lost, "duty", "duties")} of {plural(validators, "validator")}, {formatGwei(lostGwei, coin)}
                  </span>
                </li>
              ))}
          </ol>
          {data.blastRadius.slice(0, shownLabels).map((radius) => (
            <BlastRadius key={JSON.stringify(radius.labels)} radius={radius} lost={data.lost} />
          ))}
        </>
      )}
    </Section>
  );
}

function BlastRadius({ radius, lost }: { radius: CausesPage["blastRadius"][number]; lost: number }) {
  const name = Object.entries(radius.labels)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
  return (
    <p className={styles.radius}>
      <strong>{name}</strong>: {formatCount(radius.lost)} of {formatCount(lost)} losses ({formatShare(radius.explains)}
      ); it lost {formatShare(radius.share)} of its duties,{" "}
      {radius.lift >= 10 ? formatCount(radius.lift) : radius.lift.toFixed(1)} times the rest's share.
    </p>
  );
}
