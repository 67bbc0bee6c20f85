import { revealContent, withContent } from "./content.ts";
import { momentOf } from "./instants.ts";
import { isWorse } from "./severity.ts";
import { refusalIfOver } from "./status.ts";
import { maxTasks, nextTaskId } from "./tasks.ts";
import { entryOf } from "./timeline.ts";
import type { Incident, IncidentHold, IncidentTask } from "./types.ts";
import { refuse, type Done, type Refusal } from "./verb-result.ts";
import { distinctLabels } from "./with-assessment.ts";

/** `incident` is the source, which is over. */
export interface Merged extends Done {
  target: Incident;
}

/**
 * Everything goes on in the target: alert groups, label sets, tasks, holds, and the worse severity. Title, summary, timeline
 * and assessment of the source stay where they are.
 */
export function mergeIncidents(
  source: Incident,
  { target, by }: { target: Incident; by: string },
  now: number,
): Merged | Refusal {
  const problem = refusalOf(source, target);
  if (problem) return problem;
  const at = Math.max(momentOf(source, now), momentOf(target, now));
  const given = revealContent(source, "verb");
  const holds = moveHolds(target.holds, source.holds);
  const severity = isWorse(source.severity, target.severity) ? source.severity : target.severity;
  const moved = {
    ...withContent(target, (content) => ({
      ...content,
      tasks: moveTasks(content.tasks, given.tasks),
      labelSets: distinctLabels([...content.labelSets, ...given.labelSets]),
    })),
    ...{ holds, severity, alertsEndedAt: alertsEnded(source, target) },
    groupKeys: [...new Set([...target.groupKeys, ...source.groupKeys])],
  };
  const emptied: Incident = {
    ...withContent(source, (content) => ({ ...content, tasks: [], labelSets: [] })),
    ...{ status: "merged", mergedInto: target.reference, groupKeys: [], holds: [], alertsEndedAt: 0 },
  };
  const entries = [
    entryOf(source.reference, "merged", by, `Merged into ${target.reference}.`, at),
    entryOf(target.reference, "merged", by, `${source.reference} was merged into this one.`, at),
  ];
  if (severity !== target.severity)
    entries.push(entryOf(target.reference, "severity", by, `Severity ${target.severity} → ${severity}.`, at));
  return { kind: "done", incident: emptied, target: moved, entries };
}

function refusalOf(source: Incident, target: Incident): Refusal | undefined {
  const [from, into] = [source.reference, target.reference];
  if (from === into) return refuse("merge-with-itself", from);
  const over = refusalIfOver(source) ?? refusalIfOver(target);
  if (over) return over;
  if (source.type === "vulnerability" && target.type !== "vulnerability")
    return refuse("merge-embargoed", `${from} is embargoed, ${into} is not`);
  if (source.type === "slashing" && target.type !== "slashing")
    return refuse("merge-slashing", `${from} is a slashing, ${into} is not`);
  const count = revealContent(source, "verb").tasks.length + revealContent(target, "verb").tasks.length;
  return count > maxTasks ? refuse("tasks-too-many", `together they have ${count} tasks`) : undefined;
}

/** Under new names, which are the target's to give. */
function moveTasks(own: readonly IncidentTask[], given: readonly IncidentTask[]): IncidentTask[] {
  const tasks = [...own];
  for (const task of given) tasks.push({ ...task, id: nextTaskId(tasks) });
  return tasks;
}

/** Of two holds of one group the later word counts; but what is held stays held until somebody releases it. */
function moveHolds(own: readonly IncidentHold[], given: readonly IncidentHold[]): IncidentHold[] {
  const byGroup = new Map<string, IncidentHold>();
  for (const hold of [...own, ...given].sort((a, b) => a.at - b.at)) {
    const key = JSON.stringify([hold.gateway, hold.group]);
    const isHeld = byGroup.get(key)?.state === "done";
    if (!isHeld || hold.state === "done" || hold.state === "released") byGroup.set(key, hold);
  }
  return [...byGroup.values()];
}

/** Since when no alert of either has fired; 0 while one does, or where neither had any. */
function alertsEnded(...both: readonly Incident[]): number {
  const ends = both.filter(({ groupKeys }) => groupKeys.length > 0).map(({ alertsEndedAt }) => alertsEndedAt);
  return ends.length === 0 || ends.includes(0) ? 0 : Math.max(...ends);
}
