import { ageText } from "../control/judge-state.ts";
import { drillReasons } from "../drills/reasons.ts";
import type { DrillProgress, DrillRecord } from "../drills/types.ts";
import { textTable } from "./text-table.ts";

/** The end of a drill for a terminal: what came out, and what stood in its way. */
export function drillText(drill: DrillProgress, now: number): string {
  const lines: string[] = [];
  if (drill.phase !== "refused") lines.push(...figures(drill));
  for (const { reason, detail, isSoft, tryAgainAt } of drill.findings) {
    const { short, long } = drillReasons[reason];
    const isOver = drill.phase !== "refused";
    const weight = isOver || !isSoft ? "" : " [--force overrules it]";
    lines.push(`- ${short}${detail === "" ? "" : `: ${detail}`}${weight}`, `  ${long}`);
    if (!isOver && tryAgainAt !== undefined)
      lines.push(
        `  Try again in ${ageText(Math.max(1_000, tryAgainAt - now))}, at ${new Date(tryAgainAt).toISOString()}.`,
      );
  }
  return `${lines.join("\n")}\n`;
}

function figures({ id, score, node }: DrillProgress): string[] {
  const ms = (value: number | undefined, none: string) => (value === undefined ? none : `${Math.round(value)} ms`);
  return [
    `drill ${id}`,
    `  out of service      ${score.detectMs === undefined ? "not at all" : `after ${ms(score.detectMs, "")} (${score.detectReason})`}`,
    `  first good answer   ${ms(score.switchMs, "no request met the fault")}`,
    `  slowest good answer ${ms(score.worstMs, "-")}`,
    `  duty requests       ${score.dutyRequests}, of which ${score.affected} met the fault, ${score.served} were answered by ${node}, ${score.retried} asked more than one node`,
    `  failed              ${score.failed}`,
    `  back in service     ${score.recoverMs === undefined ? "-" : `after ${ms(score.recoverMs, "")}`}`,
    ...(score.unseen > 0
      ? [`  not seen            ${score.unseen} requests fell out of the gateway's ring: the counts are too low`]
      : []),
  ];
}

const columns = ["when", "id", "node", "kind", "outcome", "detect", "switch", "affected", "failed", "by"] as const;

/** Past drills as a table for a terminal, newest first. */
export function pastText(records: readonly DrillRecord[]): string {
  if (records.length === 0) return "No drill is on record.\n";
  const ms = (value: number | undefined) => (value === undefined ? "-" : `${Math.round(value)} ms`);
  const rows = records.map(({ startedAt, id, gateway, group, node, kind, outcome, score, by }) => [
    new Date(startedAt).toISOString(),
    id,
    `${gateway}/${group}/${node}`,
    kind,
    outcome,
    ms(score.detectMs),
    ms(score.switchMs),
    String(score.affected),
    String(score.failed),
    by,
  ]);
  return `${textTable([columns, ...rows]).join("\n")}\n`;
}
