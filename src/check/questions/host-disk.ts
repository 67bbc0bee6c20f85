import { judgeDisks } from "../../signals/judge-host.ts";
import type { Question } from "../answer.ts";
import { askHosts, hostAnswer } from "./host-reading.ts";

const id = "host-disk";

/** Is there disk space to spare? One answer for each disk that needs a look, or one for all when none does. */
export const hostDisk: Question = {
  id,
  title: "disk",
  ask: (evidence) =>
    askHosts(id, evidence, (reading, { subject }) =>
      judgeDisks(reading).map((found) => hostAnswer(id, subject, found)),
    ),
};
