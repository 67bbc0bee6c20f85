import { judgeHostClock } from "../../signals/judge-host.ts";
import type { Question } from "../answer.ts";
import { askHosts, hostAnswer } from "./host-reading.ts";

const id = "host-clock";

/** Is the host's clock kept by a time service? Asked only where node_exporter tells. */
export const hostClock: Question = {
  id,
  title: "host clock",
  ask: (evidence) =>
    evidence.hosts.length === 0
      ? []
      : askHosts(id, evidence, (reading, { subject, page }) => {
          const found = page.kind === "known" ? judgeHostClock(reading, page) : undefined;
          return found ? [hostAnswer(id, subject, found)] : [];
        }),
};
