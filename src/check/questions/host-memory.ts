import { answer, type Question } from "../answer.ts";
import { askHosts, gigabytes, percent } from "./host-reading.ts";

const id = "host-memory";
const lowShare = 0.1;
const outShare = 0.05;

/** Is there memory to spare, caches that can be given back counted as free? */
export const hostMemory: Question = {
  id,
  title: "memory",
  ask: (evidence) =>
    askHosts(id, evidence, ({ memoryTotalBytes: total, memoryAvailableBytes: available }, { subject }) => {
      if (total === undefined || available === undefined || total <= 0) {
        return [answer(id, subject, "unknown", "host-unread", "no memory figures")];
      }
      const share = available / total;
      const facts = { totalBytes: total, availableBytes: available };
      const detail = `${gigabytes(available)} of ${gigabytes(total)} available (${percent(share)})`;
      if (share < outShare) return [answer(id, subject, "bad", "memory-out", detail, facts)];
      if (share < lowShare) return [answer(id, subject, "warning", "memory-low", detail, facts)];
      return [answer(id, subject, "good", "memory-good", detail, facts)];
    }),
};
