import { judgeCpu } from "../../signals/judge-host.ts";
import type { Question } from "../answer.ts";
import { askHosts, hostAnswer } from "./host-reading.ts";

const id = "host-cpu";

/** Is there processor time to spare? */
export const hostCpu: Question = {
  id,
  title: "CPU",
  ask: (evidence) =>
    askHosts(id, evidence, (reading, { subject, cpu }) => [hostAnswer(id, subject, judgeCpu(reading, cpu))]),
};
