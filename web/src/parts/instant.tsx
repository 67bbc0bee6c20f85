import { fullInstant, isLocalUtc, localTime, utcDay, utcTime } from "../model/format.ts";
import { useNow } from "../live/use-now.ts";
import styles from "./instant.module.css";

/** A moment: UTC first, local beside it where it differs, the day where it is not today's. The title says it in full. */
export function Instant({ at, hasLocal = true }: { at: number; hasLocal?: boolean }) {
  const now = useNow();
  const isToday = utcDay(at) === utcDay(now);
  return (
    <time className={styles.instant} dateTime={new Date(at).toISOString()} title={fullInstant(at)}>
      {!isToday && `${utcDay(at)} `}
      {utcTime(at)} <span className={styles.zone}>UTC</span>
      {hasLocal && !isLocalUtc(at) && <span className={styles.local}> {localTime(at)} local</span>}
    </time>
  );
}
