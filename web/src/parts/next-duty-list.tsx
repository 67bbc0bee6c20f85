import { Link } from "@tanstack/react-router";
import type { NextDutiesPage } from "../../../src/api/contract-duties.ts";
import { useNow } from "../live/use-now.ts";
import { formatCount, formatDuration } from "../model/format.ts";
import { Instant } from "./instant.tsx";
import styles from "./next-duty-list.module.css";

interface NextDutyListProps {
  duties: NextDutiesPage["duties"];
  /** Up to which epoch proposals are known, where it is worth saying. */
  knownToEpoch?: number | undefined;
  most?: number;
}

/** Proposals and sync periods to come, soonest first, with the time that is left. */
export function NextDutyList({ duties, knownToEpoch, most = 12 }: NextDutyListProps) {
  const now = useNow();
  const coming = duties.filter(({ untilAt }) => untilAt > now).sort((a, b) => a.at - b.at);
  const known = knownToEpoch === undefined ? "" : ` Proposals are known to epoch ${formatCount(knownToEpoch)}.`;
  return (
    <>
      {coming.length > 0 && (
        <ul className={styles.list}>
          {coming.slice(0, most).map((duty) => (
            <li key={`${duty.kind} ${duty.validatorIndex} ${duty.slot}`} className={styles.item}>
              <strong className={styles.kind}>{duty.kind === "proposal" ? "Block" : "Sync"}</strong>
              <span className={styles.what}>
                <Link to="/validators/$id" params={{ id: String(duty.validatorIndex) }}>
                  {formatCount(duty.validatorIndex)}
                </Link>
                , slot {formatCount(duty.slot)}
                {duty.kind === "sync" && ` to ${formatCount(duty.untilSlot - 1)}`}
              </span>
              <span className={styles.when}>
                {duty.at > now
                  ? `in ${formatDuration(duty.at - now)}, `
                  : `now, ends in ${formatDuration(duty.untilAt - now)}, `}
                <Instant at={duty.at} hasLocal={false} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {coming.length > most && <p className={styles.note}>{formatCount(coming.length - most)} more later.</p>}
      {coming.length === 0 && <p className={styles.note}>No block and no sync duty is known to come.{known}</p>}
      {coming.length > 0 && known !== "" && <p className={styles.note}>{known.trim()}</p>}
    </>
  );
}
