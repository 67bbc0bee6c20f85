import type { StoredTransition, TransitionsPage } from "../../../src/api/contract.ts";
import { useReasons } from "../live/queries.ts";
import { formatCount, fullInstant, plural } from "../model/format.ts";
import type { GroupRows } from "../model/node-list.ts";
import { wordTone } from "../model/shown-state.ts";
import { slotTimeAt } from "../model/slot-clock.ts";
import { Instant } from "./instant.tsx";
import { StateGlyph } from "./state-glyph.tsx";
import styles from "./change-list.module.css";

interface ChangeListProps {
  changes: readonly StoredTransition[];
  gaps: TransitionsPage["gaps"];
  groups: readonly GroupRows[];
  /** Where all changes are one node's, its name is left out. */
  isOneNode?: boolean;
}

/** Transitions, newest first; each opens to the long text of its reason. Spans that were lost are said, not skipped. */
export function ChangeList({ changes, gaps, groups, isOneNode }: ChangeListProps) {
  return (
    <>
      <ol className={styles.list}>
        {changes.map((change) => (
          <Change key={change.id} change={change} groups={groups} isOneNode={isOneNode === true} />
        ))}
      </ol>
      {gaps.map((gap) => (
        <p
          key={`${gap.gateway} ${gap.fromAt}`}
          className={styles.gap}
          title={`${fullInstant(gap.fromAt)} to ${fullInstant(gap.toAt)}`}
        >
          {gap.count === 0 ? "Changes" : plural(gap.count, "change")} of {gap.gateway} from <Instant at={gap.fromAt} />{" "}
          on fell out before they could be read.
        </p>
      ))}
    </>
  );
}

function Change({
  change,
  groups,
  isOneNode,
}: {
  change: StoredTransition;
  groups: readonly GroupRows[];
  isOneNode: boolean;
}) {
  const reason = useReasons()(change.reason);
  const network = groups.find((known) => known.group.group === change.group)?.group.network;
  const time = network === undefined ? undefined : slotTimeAt(change.at, network);
  const isWarning = change.kind === "warning";
  const tone = isWarning ? (change.to === "clear" ? "fine" : "warn") : wordTone(change.to);
  return (
    <li className={styles.item}>
      <details>
        <summary className={styles.summary}>
          <StateGlyph tone={tone} size={12} />
          <span className={styles.what}>
            {!isOneNode && <strong>{change.node ?? change.group}</strong>}{" "}
            {isWarning ? (change.to === "clear" ? "warning over" : "warning") : `${change.from} → ${change.to}`}
            <span className={styles.reason}> {reason.short}</span>
          </span>
          <Instant at={change.at} hasLocal={false} />
        </summary>
        <div className={styles.body}>
          {change.detail !== "" && <p>{change.detail}</p>}
          {reason.long !== "" && <p>{reason.long}</p>}
          <p className={styles.meta}>
            {fullInstant(change.at)}
            {time !== undefined &&
              time.slot >= 0 &&
              `, slot ${formatCount(time.slot)} of epoch ${formatCount(time.epoch)}`}
            {`; ${change.kind} in group ${change.group}, seen by ${change.gateway}; reason ${change.reason}, record ${change.id}`}
          </p>
        </div>
      </details>
    </li>
  );
}
