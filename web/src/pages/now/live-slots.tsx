import type { DutiesNow, LiveSlot } from "../../../../src/api/contract-duties.ts";
import { formatCount } from "../../model/format.ts";
import styles from "./live-slots.module.css";

/** The running epoch, slot by slot: what became of its block, and how many of our votes a block already holds. */
export function LiveSlots({ duties, isStale }: { duties: DutiesNow; isStale: boolean }) {
  const { live, currentEpoch } = duties;
  if (live.length === 0) return null;
  const sum = (pick: (slot: LiveSlot) => number) => live.reduce((total, slot) => total + pick(slot), 0);
  const missing = live.filter(({ block }) => block === "missed" || block === "orphaned").length;
  return (
    <div className={styles.live} data-stale={isStale || undefined}>
      <p className={styles.words}>
        <strong>Epoch {currentEpoch === undefined ? "running" : formatCount(currentEpoch)}, live:</strong>{" "}
        {formatCount(sum((slot) => slot.ownIncluded))} of our {formatCount(sum((slot) => slot.ownAssigned))} votes
        included so far{missing > 0 && `, ${missing} without a block`}.
      </p>
      <ol className={styles.slots} aria-label="Slots of the running epoch">
        {live.map((slot) => (
          <li key={slot.slot} className={styles.slot} data-block={slot.block} title={slotWords(slot)}>
            <span className={styles.fill} style={{ height: `${shareIncluded(slot) * 100}%` }} />
            <span className="only-heard">{slotWords(slot)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

const shareIncluded = ({ ownAssigned, ownIncluded }: LiveSlot): number =>
  ownAssigned === 0 ? 0 : Math.min(1, ownIncluded / ownAssigned);

function slotWords({ slot, block, ownAssigned, ownIncluded, assigned, included }: LiveSlot): string {
  const ours = ownAssigned === 0 ? "none of ours" : `ours ${formatCount(ownIncluded)} of ${formatCount(ownAssigned)}`;
  return `slot ${formatCount(slot)}, block ${block.replaceAll("-", " ")}: ${ours}, network ${formatCount(included)} of ${formatCount(assigned)}`;
}
