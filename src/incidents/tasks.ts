import { revealContent, withContent } from "./content.ts";
import { momentOf } from "./instants.ts";
import { refusalIfMerged } from "./status.ts";
import { lengthProblem, lineLength, textLength, textProblem } from "./text-limits.ts";
import { entryOf } from "./timeline.ts";
import type { Incident, IncidentTask } from "./types.ts";
import { done, refuse, type VerbResult } from "./verb-result.ts";

export const maxTasks = 200;

/** Adds a task; also to what is resolved or declined, where tasks are what follows from it. */
export function addTask(
  incident: Incident,
  { text, owner = "", by }: { text: string; owner?: string; by: string },
  now: number,
): VerbResult {
  const problem =
    refusalIfMerged(incident) ??
    textProblem("task", text, textLength) ??
    lengthProblem("owner's name", owner, lineLength);
  if (problem) return problem;
  const { tasks } = revealContent(incident, "verb");
  if (tasks.length >= maxTasks) return refuse("tasks-too-many", `${incident.reference} has ${tasks.length} tasks`);
  const task: IncidentTask = { id: nextTaskId(tasks), text, owner, state: "open" };
  const line = `Task ${task.id}${owner === "" ? "" : ` for ${owner}`}: ${text}`;
  return done(
    withContent(incident, (content) => ({ ...content, tasks: [...content.tasks, task] })),
    entryOf(incident.reference, "task", by, line, momentOf(incident, now)),
  );
}

export interface TaskInput {
  task: string;
  state?: IncidentTask["state"];
  /** "": nobody. */
  owner?: string;
  by: string;
}

/** Changes who has a task, or how it stands. */
export function setTask(incident: Incident, { task: id, state, owner, by }: TaskInput, now: number): VerbResult {
  const problem = refusalIfMerged(incident) ?? lengthProblem("owner's name", owner ?? "", lineLength);
  if (problem) return problem;
  const before = revealContent(incident, "verb").tasks.find((task) => task.id === id);
  if (!before) return refuse("task-unknown", `${incident.reference} has no such task`);
  const after = { ...before, state: state ?? before.state, owner: owner ?? before.owner };
  const words = [
    ...(after.state === before.state ? [] : [`is ${after.state}`]),
    ...(after.owner === before.owner ? [] : [after.owner === "" ? "has no owner" : `is ${after.owner}'s`]),
  ];
  if (words.length === 0) return done(incident);
  return done(
    withContent(incident, (content) => ({
      ...content,
      tasks: content.tasks.map((task) => (task.id === id ? after : task)),
    })),
    entryOf(incident.reference, "task", by, `Task ${id} ${words.join(" and ")}.`, momentOf(incident, now)),
  );
}

/** The next of t1, t2, … */
export function nextTaskId(tasks: readonly IncidentTask[]): string {
  return `t${Math.max(0, ...tasks.map(({ id }) => Number(id.slice(1)) || 0)) + 1}`;
}
