import { useSnapshot } from "../../live/queries.ts";
import { useNow } from "../../live/use-now.ts";
import { drillsOf } from "../../model/drill-words.ts";
import { groupRows } from "../../model/node-list.ts";
import { operationsOf } from "../../model/operations.ts";
import { WaitForData } from "../wait-for-data.tsx";
import { Changes } from "./changes.tsx";
import { Duties, DutiesAside } from "./duties.tsx";
import { GroupPanel } from "./group-panel.tsx";
import { LastHour } from "./last-hour.tsx";
import { OnCall } from "./on-call.tsx";
import { Operations } from "./operations.tsx";
import { RespondBand } from "./respond-band.tsx";
import { SilentObservers } from "./silent-observers.tsx";
import { StateBand } from "./state-band.tsx";
import styles from "./now-page.module.css";

const shortRows = 16;
const denseRows = 12;

/** Are we fine, since when, what is wrong, what next: readable in one glance, top to bottom. */
export function NowPage() {
  const { data: snapshot, failureReason } = useSnapshot();
  const now = useNow();
  if (snapshot === undefined) return <WaitForData failure={failureReason} />;
  const groups = groupRows(snapshot, now);
  const isAlone = snapshot.profile === "solo" && groups.length === 1;
  const rowCount = groups.reduce((sum, group) => sum + group.rows.length, 0);
  // Beside few nodes the charts are the longer column; beside many, the changes must not hang below them all.
  const isShort = rowCount + 4 * groups.length <= shortRows;
  return (
    <div className={styles.page}>
      <div>
        <StateBand snapshot={snapshot} />
        <RespondBand />
        <Operations operations={operationsOf(groups, drillsOf(snapshot), now)} />
      </div>
      <div className={styles.columns}>
        <div className={styles.column}>
          <SilentObservers snapshot={snapshot} />
          {groups.map((group) => (
            <GroupPanel key={group.key} group={group} isAlone={isAlone} isDense={rowCount > denseRows} />
          ))}
          <Duties />
          {isShort && <Changes groups={groups} />}
        </div>
        <div className={styles.column}>
          <OnCall />
          <DutiesAside />
          <LastHour groups={groups} />
          {!isShort && <Changes groups={groups} />}
        </div>
      </div>
    </div>
  );
}
