import type { DrillProgress } from "../../../../src/drills/types.ts";
import { abortDrill } from "../../live/api.ts";
import { useReasons } from "../../live/queries.ts";
import { useAction } from "../../live/use-action.ts";
import { useNow } from "../../live/use-now.ts";
import { canAbort, drillTone, phaseWord, timeLeft, tookWords } from "../../model/drill-words.ts";
import { formatCount, fullInstant } from "../../model/format.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ActionOutcome } from "../../parts/action-outcome.tsx";
import { Button } from "../../parts/button.tsx";
import { Figures, type FigureContent } from "../../parts/figure.tsx";
import { Section } from "../../parts/section.tsx";
import { StateGlyph } from "../../parts/state-glyph.tsx";
import styles from "./operations.module.css";

/** One drill, live: what is shown on which node, what came of it so far, and the button that ends it. */
export function DrillPanel({ drill }: { drill: DrillProgress }) {
  const now = useNow();
  const action = useAction<"abort">();
  const reasonOf = useReasons("drills");
  const tone = drillTone(drill);
  return (
    <Section
      title={
        <span className={styles.title}>
          <StateGlyph tone={tone} />
          Drill: {drill.kind} on {drill.node}
          <span className={styles.phase}>{phaseWord(drill.phase)}</span>
        </span>
      }
      aside={
        canAbort(drill) ? (
          <Button
            disabled={action.step.kind === "sending"}
            onClick={() => action.send("abort", (token) => abortDrill(drill.id, token))}
          >
            Abort
          </Button>
        ) : undefined
      }
    >
      <p className={styles.sentence} data-tone={tone} role="status">
        {drill.sentence}
      </p>
      {drill.findings.length > 0 && (
        <ul className={styles.findings}>
          {drill.findings.map(({ reason, detail }) => (
            <li key={`${reason} ${detail}`}>
              <strong>{reasonOf(reason).short}</strong>
              {detail !== "" && `: ${detail}`}
            </li>
          ))}
        </ul>
      )}
      <Figures figures={figuresOf(drill, now)} />
      <ActionOutcome action={action} unchanged="The drill was not ended." />
      <ActionDialog
        action={action}
        name="abort"
        title="End this drill?"
        confirm="End the drill"
        isUnasked
        call={(token) => abortDrill(drill.id, token)}
      >
        <p>The fault on {drill.node} is lifted at once.</p>
      </ActionDialog>
    </Section>
  );
}

function figuresOf(drill: DrillProgress, now: number): FigureContent[] {
  const { score } = drill;
  const where = `drill ${drill.id} on ${drill.gateway}/${drill.group}/${drill.node}, asked for by ${drill.by} at ${fullInstant(drill.askedAt)}`;
  const figure = (name: string, value: string, fact: string, tone?: "warn" | "bad"): FigureContent => ({
    name,
    value,
    evidence: `${fact}\n${where}`,
    tone,
  });
  const left = drill.endedAt === undefined ? timeLeft(drill, undefined, now) : "over";
  const failed = score.failed > 0;
  return [
    figure(
      "Fault",
      left,
      drill.plannedEndAt === undefined ? "not shown yet" : `planned to be lifted at ${fullInstant(drill.plannedEndAt)}`,
    ),
    figure(
      "Detected after",
      tookWords(score.detectMs),
      score.detectMs === undefined
        ? "the node has not left ready"
        : `fault in effect → node not ready: ${score.detectMs} ms${score.detectReason === undefined ? "" : `, ${score.detectReason}`}`,
    ),
    figure(
      "Switched after",
      tookWords(score.switchMs),
      score.switchMs === undefined
        ? "no duty request has met the fault and been answered"
        : `first duty request that met the fault → first good answer: ${score.switchMs} ms; the longest took ${score.worstMs ?? "?"} ms`,
    ),
    figure(
      "Failed",
      `${formatCount(score.failed)} of ${formatCount(score.dutyRequests)}`,
      `${score.failed} of ${score.dutyRequests} duty requests failed; ${score.affected} met the fault, ${score.retried} were asked of more than one node`,
      failed ? "bad" : undefined,
    ),
    figure(
      "Met the fault",
      formatCount(score.affected),
      `${score.affected} duty requests asked ${drill.node} and got no good answer from it, so that they were asked again elsewhere; ${score.served} were answered with what it said${unseenWords(score.unseen)}`,
    ),
    figure(
      "Back after",
      tookWords(score.recoverMs),
      score.recoverMs === undefined
        ? "the node is not ready again yet"
        : `fault lifted → node ready: ${score.recoverMs} ms`,
    ),
  ];
}

const unseenWords = (unseen: number) =>
  unseen === 0
    ? ""
    : `; up to ${formatCount(unseen)} more went by uncounted, because the gateway's record was overwritten`;
