import { slotAt } from "../../chain/slot-clock.ts";
import { answer, unanswered, type Question } from "../answer.ts";
import { timingFor } from "../chain-view.ts";
import { isHeadOptimistic, type Evidence, type NodeEvidence } from "../evidence.ts";

const id = "node-execution";

/** A head this young was given to the execution client moments ago. */
const freshSlots = 2;

/** Is the node's execution client online? */
export const nodeExecution: Question = {
  id,
  title: "execution client",
  ask: (evidence) => evidence.nodes.map((node) => judge(node, evidence)),
};

function judge(node: NodeEvidence, evidence: Evidence) {
  const { subject, syncing } = node;
  if (syncing.kind === "failed") return unanswered(id, subject, syncing);
  const { elOffline, headSlot } = syncing.value;
  const isOptimistic = isHeadOptimistic(node);
  if (elOffline === true) return answer(id, subject, "bad", "el-offline", "", { elOffline });
  if (elOffline === false) return answer(id, subject, "good", "el-online", "", { elOffline });
  // Nodes before 2023 have no el_offline. A new head that is not optimistic was executed, so that the client must work.
  const timing = timingFor(node, evidence);
  const lag = timing && slotAt(timing, syncing.at) - headSlot;
  if (isOptimistic === false && lag !== undefined && lag >= 0 && lag <= freshSlots) {
    return answer(id, subject, "good", "el-inferred", `head ${headSlot} is verified and new`, { headSlot, lag });
  }
  return answer(id, subject, "unknown", "el-unsaid", "", { headSlot, lag });
}
