import { judgeMemory } from "../../signals/judge-host.ts";
import type { Question } from "../answer.ts";
import { askHosts, hostAnswer } from "./host-reading.ts";

const id = "host-memory";

/** Is there memory to spare? */
export const hostMemory: Question = {
  id,
  title: "memory",
  ask: (evidence) => askHosts(id, evidence, (reading, { subject }) => [hostAnswer(id, subject, judgeMemory(reading))]),
};
