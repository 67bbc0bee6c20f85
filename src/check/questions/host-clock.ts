import { answer, type Question } from "../answer.ts";
import type { Evidence } from "../evidence.ts";
import { duration } from "../chain-view.ts";
import { askHosts } from "./host-reading.ts";

const id = "host-clock";
const offMs = 200;
/** A scrape takes a moment, and node_exporter's clock has the same machine's precision. */
const farOffMs = 2000;

/** Is the host's clock kept by a time service? Asked only where node_exporter tells. */
export const hostClock: Question = {
  id,
  title: "host clock",
  ask: (evidence) => (evidence.hosts.length === 0 ? [] : judgeAll(evidence)),
};

function judgeAll(evidence: Evidence) {
  return askHosts(id, evidence, ({ timeAt, clockOffsetSeconds, isClockSynced }, { subject, page }) => {
    const apartMs = timeAt === undefined || page.kind === "failed" ? undefined : timeAt - page.at;
    const offsetMs = clockOffsetSeconds === undefined ? undefined : clockOffsetSeconds * 1000;
    if (apartMs === undefined && offsetMs === undefined) return [];
    const facts = { apartMs: apartMs && Math.round(apartMs), offsetMs, isSynced: isClockSynced };
    if (apartMs !== undefined && Math.abs(apartMs) > farOffMs + (page.kind === "known" ? page.latencyMs : 0)) {
      const detail = `${duration(apartMs)} ${apartMs > 0 ? "ahead of" : "behind"} this machine`;
      return [answer(id, subject, "bad", "host-clock-off", detail, facts)];
    }
    if (offsetMs !== undefined && Math.abs(offsetMs) > offMs) {
      return [answer(id, subject, "warning", "host-clock-off", `off by ${duration(offsetMs)}`, facts)];
    }
    // Containers and some virtual machines leave the clock to their host and report "not synchronised": no cause alone.
    const detail = isClockSynced === false ? "agrees with ours; no time service reported" : "";
    return [answer(id, subject, "good", "host-clock-good", detail, facts)];
  });
}
