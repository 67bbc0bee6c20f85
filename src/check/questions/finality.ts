import { epochAt } from "../../chain/slot-clock.ts";
import { answer, unanswered, type Answer, type Question } from "../answer.ts";
import { plural, timingFor } from "../chain-view.ts";
import { valueOf, type Evidence, type NodeEvidence } from "../evidence.ts";

const id = "finality";

/** Epoch N is finalized when N+2 begins, and known when its first block is seen: two or three epochs are healthy. */
const healthyEpochs = 3;
const lateEpochs = 4;

/** Is the network finalizing? Judged by distance from the wall clock: nobody can wait an epoch for a first look. */
export const finality: Question = {
  id,
  title: "finality",
  ask: (evidence) => evidence.nodes.map((node) => judge(node, evidence)),
};

function judge(node: NodeEvidence, evidence: Evidence): Answer {
  const { subject } = node;
  if (node.finality.kind === "failed") return unanswered(id, subject, node.finality);
  const timing = timingFor(node, evidence);
  const { finalized, justified } = node.finality.value;
  if (!timing)
    return answer(id, subject, "unknown", "not-answered", `finalized epoch ${finalized.epoch}; slot timing unknown`);
  const epoch = epochAt(timing, node.finality.at);
  const distance = epoch - finalized.epoch;
  const facts = {
    epoch,
    finalizedEpoch: finalized.epoch,
    justifiedEpoch: justified.epoch,
    distance,
    finalizedRoot: finalized.root,
  };
  if (epoch < 0) return answer(id, subject, "warning", "before-genesis", "", facts);
  const detail = `epoch ${finalized.epoch}, ${plural(distance, "epoch")} ago`;
  if (distance < 0)
    return answer(id, subject, "unknown", "finality-in-future", `epoch ${finalized.epoch}, now is ${epoch}`, facts);
  if (distance <= healthyEpochs) {
    const young = finalized.epoch === 0 ? `epoch ${epoch}: too early to finalize` : detail;
    return answer(id, subject, "good", "finality-moving", young, facts);
  }
  const best = bestElsewhere(node, evidence, epoch);
  if (best !== undefined && best - finalized.epoch >= 2) {
    const verdict = distance > lateEpochs ? "bad" : "warning";
    return answer(id, subject, verdict, "finality-node-behind", `${detail}; others have ${best}`, facts);
  }
  return distance <= lateEpochs
    ? answer(id, subject, "warning", "finality-late", detail, facts)
    : answer(id, subject, "bad", "finality-stalled", detail, facts);
}

/** The newest finalized epoch that another server of the same genesis knows; one from the future is not believed. */
function bestElsewhere(node: NodeEvidence, { nodes, references }: Evidence, epoch: number): number | undefined {
  const genesis = valueOf(node.genesis)?.genesisValidatorsRoot;
  const epochs = [...nodes, ...references]
    .filter((other) => other !== node && valueOf(other.genesis)?.genesisValidatorsRoot === genesis)
    .flatMap((other) => valueOf(other.finality)?.finalized.epoch ?? [])
    .filter((other) => other < epoch);
  return epochs.length === 0 ? undefined : Math.max(...epochs);
}
