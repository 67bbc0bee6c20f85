import { drillReasons } from "./reasons.ts";
import type { DrillFinding, DrillProgress, DrillScore } from "./types.ts";

type Told = Pick<DrillProgress, "phase" | "kind" | "node" | "score" | "findings">;

/** What happens now, or what came out, for a person who reads only this. */
export function sentenceOf(drill: Told): string {
  const { phase, kind, node, score, findings } = drill;
  switch (phase) {
    case "guarding":
      return `Checking whether ${kind} may be shown on ${node} now.`;
    case "starting":
      return `Putting the fault proxy in front of ${node}.`;
    case "running":
      return `${node} shows ${kind}: ${figures(score)}.`;
    case "recovering":
      return `The fault is lifted; waiting for ${node} to be ready again. ${upperFirst(figures(score))}.`;
    case "refused":
      return `Not begun: ${findings.map(describeFinding).join("; ")}.`;
    case "aborted":
      return `Ended early: ${findings.filter(isCause).map(describeFinding).join("; ")}. ${upperFirst(figures(score))}.`;
    case "done":
      return `${upperFirst([figures(score), ...findings.filter(isCause).map(describeFinding)].join("; "))}.`;
  }
}

/** "no other ready node (n1 is alone); try again at …" without the time, which the reader's own clock formats. */
function describeFinding({ reason, detail }: DrillFinding): string {
  return detail === "" ? drillReasons[reason].short : `${drillReasons[reason].short} (${detail})`;
}

/** What was overruled at the beginning is no cause of the end. */
function isCause({ isSoft }: DrillFinding): boolean {
  return !isSoft;
}

function figures(score: DrillScore): string {
  const { detectMs, switchMs, affected, served, failed, dutyRequests } = score;
  const parts = [
    detectMs === undefined ? "it is still in service" : `out of service after ${seconds(detectMs)}`,
    affected === 0 && served === 0 ? `no request met the fault (${dutyRequests} duty requests in all)` : "",
    affected === 0 ? "" : `${count(affected, "duty request")} met it`,
    switchMs === undefined ? "" : `the first was answered after ${seconds(switchMs)}`,
    failed === 0 ? "none failed" : `${failed} FAILED`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
