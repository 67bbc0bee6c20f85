import { expect, test } from "vitest";
import { addNote } from "./add-note.ts";
import { revealContent } from "./content.ts";
import { resolveIncident } from "./resolve.ts";
import { addTask, maxTasks, setTask } from "./tasks.ts";
import { doneBy, refusedBy, sampleIncident, startAt, textsOf } from "./testing/sample-incident.ts";
import type { Incident } from "./types.ts";

const by = "ada";
const tasksOf = (incident: Incident) => revealContent(incident, "verb").tasks;
const withTask = doneBy(addTask(sampleIncident(), { text: "read the log", owner: "ben", by }, startAt)).incident;
const merged: Incident = { ...withTask, status: "merged", mergedInto: "INC-8" };

test("tasks get names in order, and a line each", () => {
  const second = doneBy(addTask(withTask, { text: "call the provider", by }, startAt));
  expect(tasksOf(second.incident)).toEqual([
    { id: "t1", text: "read the log", owner: "ben", state: "open" },
    { id: "t2", text: "call the provider", owner: "", state: "open" },
  ]);
  expect(textsOf(second.entries)).toEqual(["task: Task t2: call the provider"]);
});

test("a task changes its state and its owner; the same again is nothing", () => {
  const { incident, entries } = doneBy(setTask(withTask, { task: "t1", state: "done", owner: "", by }, startAt));
  expect(tasksOf(incident)).toEqual([{ id: "t1", text: "read the log", owner: "", state: "done" }]);
  expect(textsOf(entries)).toEqual(["task: Task t1 is done and has no owner."]);
  expect(doneBy(setTask(incident, { task: "t1", state: "done", by }, startAt)).entries).toEqual([]);
});

test("what cannot be: no such task, no text, too many", () => {
  expect(refusedBy(setTask(withTask, { task: "t9", by }, startAt))).toBe("task-unknown");
  expect(refusedBy(addTask(withTask, { text: " ", by }, startAt))).toBe("text-missing");
  let full = sampleIncident();
  for (let i = 0; i < maxTasks; i += 1) full = doneBy(addTask(full, { text: "x", by }, startAt)).incident;
  expect(refusedBy(addTask(full, { text: "x", by }, startAt))).toBe("tasks-too-many");
});

test("notes and tasks are kept of what is resolved, not of what was merged", () => {
  const { incident } = doneBy(resolveIncident(withTask, { by }, startAt));
  expect(tasksOf(doneBy(setTask(incident, { task: "t1", state: "done", by }, startAt)).incident)[0]?.state).toBe(
    "done",
  );
  expect(textsOf(doneBy(addNote(incident, { text: "it came back", by }, startAt)).entries)).toEqual([
    "note: it came back",
  ]);
  expect(refusedBy(addNote(merged, { text: "x", by }, startAt))).toBe("incident-merged");
  expect(refusedBy(addTask(merged, { text: "x", by }, startAt))).toBe("incident-merged");
  expect(refusedBy(setTask(merged, { task: "t1", by }, startAt))).toBe("incident-merged");
});

test("a note changes nothing but the timeline; Slotkeeper writes pages and actions the same way", () => {
  const { incident, entries } = doneBy(addNote(withTask, { text: "bn1 drained", by, kind: "action" }, startAt + 1));
  expect(incident).toBe(withTask);
  expect(entries).toMatchObject([{ kind: "action", at: startAt + 1, text: "bn1 drained" }]);
});
