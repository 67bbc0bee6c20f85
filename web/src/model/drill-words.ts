import type { Snapshot } from "../../../src/api/contract.ts";
import type { DrillProgress, DrillRecord, DrillScore } from "../../../src/drills/types.ts";
import type { FaultLease } from "../../../src/control/types.ts";
import { formatCount, formatDuration, formatMs } from "./format.ts";
import type { Tone } from "./shown-state.ts";

/** A monitor that is one version older, which a page left open may meet after a rollback, sends none. */
export const drillsOf = (snapshot: Snapshot): readonly DrillProgress[] => snapshot.drills ?? [];

type DrillPhase = DrillProgress["phase"];

const phaseWords: Readonly<Record<DrillPhase, string>> = {
  guarding: "checking whether it may begin",
  starting: "beginning",
  running: "fault is shown",
  recovering: "fault lifted, node on its way back",
  done: "done",
  aborted: "aborted",
  refused: "refused",
};

/** A phase in words; one that this page does not know reads as itself. */
export const phaseWord = (phase: string): string =>
  Object.hasOwn(phaseWords, phase) ? phaseWords[phase as DrillPhase] : phase;

/** Until then it can be ended early; afterwards there is nothing left to lift. */
export const canAbort = ({ phase }: DrillProgress): boolean =>
  phase === "guarding" || phase === "starting" || phase === "running";

export const hasEnded = ({ phase }: DrillProgress): boolean =>
  phase === "done" || phase === "aborted" || phase === "refused";

/** What a drill is now: a failed duty request is bad whatever else it shows. */
export function drillTone(drill: DrillProgress): Tone {
  if (drill.score.failed > 0) return "bad";
  if (drill.findings.some(({ reason }) => reason === "node-not-back")) return "bad";
  // Soft findings are guards that a person overruled: they say nothing of what came out.
  if (drill.phase === "done") return drill.findings.some(({ isSoft }) => !isSoft) ? "warn" : "fine";
  return drill.phase === "aborted" || drill.phase === "refused" ? "warn" : "wait";
}

const outcomeTones: Readonly<Record<DrillRecord["outcome"], Tone>> = { passed: "fine", failed: "bad", aborted: "warn" };

export const outcomeTone = (outcome: string): Tone =>
  Object.hasOwn(outcomeTones, outcome) ? outcomeTones[outcome as DrillRecord["outcome"]] : "unknown";

/** "23 s left", as the drill plans it; of a fault without a drill of ours, as its lease says. */
export function timeLeft(
  drill: Pick<DrillProgress, "plannedEndAt" | "liftedAt"> | undefined,
  fault: Pick<FaultLease, "expiresAt"> | undefined,
  now: number,
): string {
  if (drill?.liftedAt !== undefined) return "lifted";
  const endAt = drill?.plannedEndAt ?? fault?.expiresAt;
  if (endAt === undefined) return "not begun";
  return endAt <= now ? "ends now" : `${formatDuration(endAt - now + 999)} left`;
}

/** A measured time of a drill; `undefined` means that it has not happened. */
export const tookWords = (ms: number | undefined): string => {
  if (ms === undefined) return "–";
  return ms < 10_000 ? formatMs(Math.round(ms)) : formatDuration(ms);
};

/** "detected after 212 ms, 0 failed": what fits beside a node. */
export function scoreWords({ detectMs, failed }: DrillScore): string {
  const detected = detectMs === undefined ? "not detected yet" : `detected after ${tookWords(detectMs)}`;
  return `${detected}, ${formatCount(failed)} failed`;
}
