import { formatCount } from "../../model/format.ts";
import { finalityRail, type SlotTime } from "../../model/slot-clock.ts";
import styles from "./finality-rail.module.css";

interface FinalityRailProps {
  time: SlotTime;
  finalized: number | undefined;
  justified: number | undefined;
}

/** The last epochs as cells: solid is finalized, hatched is justified, open is neither; the present one fills with the slots. */
export function FinalityRail({ time, finalized, justified }: FinalityRailProps) {
  const cells = finalityRail(time.epoch, finalized, justified);
  const passed = (time.slotInEpoch + 1) / time.slotsPerEpoch;
  const summary = `Epoch ${time.epoch}; justified ${justified ?? "unknown"}; finalized ${finalized ?? "unknown"}.`;
  return (
    <ol className={styles.rail} aria-label={summary}>
      {cells.map((cell) =>
        cell.kind === "run" ? (
          <li key="run" className={styles.run} title={`Epochs ${cell.fromEpoch} to ${cell.toEpoch} are not drawn.`}>
            {formatCount(cell.toEpoch - cell.fromEpoch + 1)} more
          </li>
        ) : (
          <li
            key={cell.epoch}
            className={styles.cell}
            data-state={cell.state}
            title={`epoch ${cell.epoch}: ${cell.state}`}
          >
            <span className={styles.box}>
              {cell.epoch === time.epoch && <span className={styles.passed} style={{ width: `${passed * 100}%` }} />}
            </span>
            <span className={styles.epoch}>{formatCount(cell.epoch)}</span>{" "}
            <span className={styles.word}>{cell.state}</span>
          </li>
        ),
      )}
    </ol>
  );
}
