import type { DrillRecord } from "../../../../src/drills/types.ts";
import { useDrills, useReasons } from "../../live/queries.ts";
import { outcomeTone, tookWords } from "../../model/drill-words.ts";
import { formatCount, formatMs, fullInstant, plural } from "../../model/format.ts";
import { Instant } from "../../parts/instant.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./past-drills.module.css";

const mostEvidence = 10;

/** Drills that have ended, newest first; each opens to what it found and the requests that prove it. */
export function PastDrills() {
  const { data, failureReason } = useDrills();
  return (
    <Section
      title="Past drills"
      aside={data !== undefined && data.past.length > 0 ? plural(data.past.length, "drill") : undefined}
    >
      {data === undefined ? (
        <Notice tone="unknown" title={failureReason === null ? "Reading the drills…" : "The drills cannot be read."}>
          {failureReason?.message}
        </Notice>
      ) : data.past.length === 0 ? (
        <Notice tone="unknown" title="No drill has been run.">
          Open a node above and run one: it shows that duties go on when that node fails.
        </Notice>
      ) : (
        <>
          <div className={styles.head} aria-hidden="true">
            <span>Drill</span>
            <span>Outcome</span>
            <span>Detected</span>
            <span>Switched</span>
            <span>Failed</span>
            <span>When</span>
          </div>
          <ol aria-label="Past drills">
            {data.past.map((drill) => (
              <Past key={drill.id} drill={drill} />
            ))}
          </ol>
        </>
      )}
    </Section>
  );
}

function Past({ drill }: { drill: DrillRecord }) {
  const { score } = drill;
  const tone = outcomeTone(drill.outcome);
  return (
    <li className={styles.item}>
      <details>
        <summary className={styles.row}>
          <span className={styles.what}>
            <strong>{drill.kind}</strong> on {drill.node}
          </span>
          <span className={styles.outcome} data-tone={tone}>
            <StateGlyph tone={tone} size={12} />
            {drill.outcome}
          </span>
          <span className={styles.number} data-name="detected">
            {tookWords(score.detectMs)}
          </span>
          <span className={styles.number} data-name="switched">
            {tookWords(score.switchMs)}
          </span>
          <span className={styles.number} data-name="failed" data-tone={score.failed > 0 ? "bad" : undefined}>
            {formatCount(score.failed)}
          </span>
          <Instant at={drill.startedAt} hasLocal={false} />
        </summary>
        <PastBody drill={drill} />
      </details>
    </li>
  );
}

function PastBody({ drill }: { drill: DrillRecord }) {
  const reasonOf = useReasons("drills");
  const { score } = drill;
  const rest = drill.evidence.length - mostEvidence;
  return (
    <div className={styles.body}>
      <p>{drill.sentence}</p>
      {drill.findings.map(({ reason, detail }) => (
        <p key={`${reason} ${detail}`}>
          <strong>{reasonOf(reason).short}</strong>
          {detail === "" ? "." : `: ${detail.replace(/\.$/, "")}.`} {reasonOf(reason).long}
        </p>
      ))}
      <p>
        {plural(score.dutyRequests, "duty request")} while the fault was shown: {formatCount(score.affected)} met it,{" "}
        {formatCount(score.served)} answered with what the node said, {formatCount(score.retried)} asked of more than
        one node, {formatCount(score.failed)} failed
        {score.worstMs !== undefined && `; the longest took ${formatMs(score.worstMs)}`}. Node back after{" "}
        {tookWords(score.recoverMs)}.
      </p>
      {drill.evidence.length > 0 && (
        <ul className={styles.evidence} aria-label="Requests that met the fault">
          {drill.evidence.slice(0, mostEvidence).map((one) => (
            <li key={`${one.requestId} ${one.at}`}>
              {one.method} {one.route}: {one.status} after {formatMs(one.durationMs)}
              {one.servedBy !== undefined && ` from ${one.servedBy}`}{" "}
              <span className={styles.meta}>({one.answers})</span>
            </li>
          ))}
          {rest > 0 && <li className={styles.meta}>and {plural(rest, "more request")}</li>}
        </ul>
      )}
      <p className={styles.meta}>
        Group {drill.group} on {drill.gateway}; asked for by {drill.by}; fault shown {fullInstant(drill.startedAt)},
        lifted {fullInstant(drill.liftedAt)}; drill {drill.id}
      </p>
    </div>
  );
}
