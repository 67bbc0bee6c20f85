import { slotAt } from "../../chain/slot-clock.ts";
import { answer, type Answer, type Question } from "../answer.ts";
import { duration } from "../../lib/amounts.ts";
import { timingFor } from "../chain-view.ts";
import type { ClockSample, Evidence, NodeEvidence } from "../evidence.ts";

const id = "node-clock";

/** The header has whole seconds and a server may keep it for one: below this nothing can be said. */
const toleranceMs = 1500;
const badMs = 4000;

/** Do the node's clock and ours agree? An hour off looks like a dead chain; two seconds off loses head votes. */
export const nodeClock: Question = {
  id,
  title: "clock",
  ask: (evidence) => evidence.nodes.map((node) => judge(node, evidence)),
};

function judge(node: NodeEvidence, evidence: Evidence): Answer {
  const { subject, clock } = node;
  if (!clock) return judgeByHead(node, evidence);
  const offset = offsetOf(clock);
  const size = Math.abs(offset) - clock.latencyMs / 2;
  const facts = { offsetMs: Math.round(offset), latencyMs: Math.round(clock.latencyMs) };
  if (size <= toleranceMs) return answer(id, subject, "good", "clock-good", "within 2 s", facts);
  const detail = `${duration(offset)} ${offset > 0 ? "ahead of" : "behind"} this machine`;
  const verdict = size > badMs ? "bad" : "warning";
  return answer(id, subject, verdict, isOursWrong(offset, evidence) ? "clock-ours" : "clock-off", detail, facts);
}

/** The header is the start of a second, so that half of one is added; the answer was made half a round trip ago. */
function offsetOf({ serverAt, receivedAt, latencyMs }: ClockSample): number {
  return serverAt + 500 - (receivedAt - latencyMs / 2);
}

/** Two or more servers that are off by the same time, and none that agrees with us, accuse our clock. */
function isOursWrong(offset: number, { nodes, references }: Evidence): boolean {
  const offsets = [...nodes, ...references].flatMap(({ clock }) => (clock ? [offsetOf(clock)] : []));
  return offsets.length > 1 && offsets.every((other) => Math.abs(other - offset) < 3000);
}

/** Without the header: a head of the current slot cannot come from a clock that is far off. */
function judgeByHead(node: NodeEvidence, evidence: Evidence): Answer {
  const { subject, syncing } = node;
  const timing = timingFor(node, evidence);
  if (syncing.kind === "failed" || !timing) return answer(id, subject, "unknown", "clock-unsaid");
  const { headSlot, syncDistance } = syncing.value;
  const lag = slotAt(timing, syncing.at) - headSlot;
  if (lag === 0 || lag === 1) return answer(id, subject, "good", "clock-good", "by its head", { lagSlots: lag });
  return answer(id, subject, "unknown", "clock-unsaid", "", { lagSlots: lag, syncDistance });
}
