import type { Snapshot } from "../../../../src/api/contract.ts";
import { useNow } from "../../live/use-now.ts";
import { formatDuration } from "../../model/format.ts";
import { snapshotFreshness } from "../../model/freshness.ts";
import { levelTone } from "../../model/shown-state.ts";
import { Instant } from "../../parts/instant.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./state-band.module.css";

/** The one sentence. With stale data it stops claiming anything and says what was last known. */
export function StateBand({ snapshot }: { snapshot: Snapshot }) {
  const now = useNow();
  const freshness = snapshotFreshness(snapshot, now);
  const { state } = snapshot;
  const isStale = freshness.kind === "stale";
  const tone = isStale ? "unknown" : levelTone[state.level];
  return (
    <section className={styles.band} data-tone={tone} aria-label="State" aria-live="polite">
      <StateGlyph tone={tone} size={30} />
      <div className={styles.text}>
        <h1 className={styles.sentence}>
          {isStale ? `Unknown for ${formatDuration(freshness.ageMs)}.` : state.sentence}
        </h1>
        {isStale ? (
          <p className={styles.line}>
            Last known: {state.level}, “{state.sentence}”
          </p>
        ) : (
          state.next !== "" && (
            <p className={styles.line}>
              <strong>Next:</strong> {state.next}
            </p>
          )
        )}
        <p className={styles.since}>
          <span className={styles.level}>{isStale ? "unknown" : state.level}</span>
          {!isStale && ` for ${formatDuration(now - state.sinceAt)},`} since{" "}
          <Instant at={isStale ? snapshot.at : state.sinceAt} />
        </p>
      </div>
    </section>
  );
}
