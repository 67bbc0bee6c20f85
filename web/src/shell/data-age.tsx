import { useSnapshot } from "../live/queries.ts";
import { useConnection } from "../live/connection.ts";
import { clockOffsetMs } from "../live/server-clock.ts";
import { useNow } from "../live/use-now.ts";
import { formatDuration } from "../model/format.ts";
import { snapshotFreshness } from "../model/freshness.ts";
import { Instant } from "../parts/instant.tsx";
import { Notice } from "../parts/notice.tsx";
import styles from "./data-age.module.css";

const skewWorthSaying = 5_000;

/** Says, above every page, that the data is old, and that this computer's clock is off. Silent when neither is so. */
export function DataAge() {
  const { data } = useSnapshot();
  const connection = useConnection();
  const now = useNow();
  if (data === undefined) return null;
  const freshness = snapshotFreshness(data, now);
  const offset = clockOffsetMs();
  return (
    <div className={styles.age}>
      {freshness.kind === "stale" && (
        <Notice tone="unknown" title={`This data is ${formatDuration(freshness.ageMs)} old.`} role="status">
          What stands below was last known at <Instant at={data.at} />; it is not what is
          {connection.kind === "lost"
            ? ". Trying to reach the server again; if it stays away, look at the slotkeeper process, or type `slotkeeper status` on its host."
            : ". The server answers, but its own data stands still: look at its log."}
        </Notice>
      )}
      {Math.abs(offset) > skewWorthSaying && (
        <Notice
          tone="warn"
          title={`This computer's clock is ${formatDuration(Math.abs(offset))} ${offset > 0 ? "slow" : "fast"}.`}
        >
          Times and ages here follow the server's clock.
        </Notice>
      )}
    </div>
  );
}
