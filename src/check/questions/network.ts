import { epochAt } from "../../chain/slot-clock.ts";
import { answer, unanswered, type Answer, type Question } from "../answer.ts";
import { majorityOf, networkName, shortRoot, timingFor } from "../chain-view.ts";
import { valueOf, type Evidence, type NodeEvidence } from "../evidence.ts";

const id = "network";

/** Are all on one network: the same genesis, and the same forks up to now? References say which is meant, else the majority. */
export const network: Question = {
  id,
  title: "network",
  ask: (evidence) => [...evidence.nodes, ...evidence.references].map((node) => judge(node, evidence)),
};

function rootOf(node: NodeEvidence): string | undefined {
  return valueOf(node.genesis)?.genesisValidatorsRoot.toLowerCase();
}

function rootsOf(nodes: readonly NodeEvidence[]): string[] {
  return nodes.flatMap((node) => rootOf(node) ?? []);
}

function judge(node: NodeEvidence, evidence: Evidence): Answer {
  const { subject } = node;
  const root = rootOf(node);
  if (root === undefined) {
    return node.genesis.kind === "failed"
      ? unanswered(id, subject, node.genesis)
      : answer(id, subject, "unknown", "not-answered");
  }
  const own = rootsOf(evidence.nodes);
  const others = rootsOf(evidence.references);
  const name = networkName(node);
  const facts = { name, genesisValidatorsRoot: root };
  const detail = `${name} (genesis ${shortRoot(root)})`;
  if (subject.kind === "reference") {
    return own.length === 0 || own.includes(root)
      ? judgeForks(node, evidence, detail, facts)
      : answer(id, subject, "warning", "reference-other-network", detail, facts);
  }
  // Who names a reference says which network is meant; without one, or when they differ, the majority says it.
  const outside = new Set(others);
  if (outside.size === 1) {
    if (outside.has(root)) return judgeForks(node, evidence, detail, facts);
    return answer(id, subject, "bad", "network-wrong", `${detail}; the references are on another one`, facts);
  }
  const majority = majorityOf([...own, ...others]);
  if (majority?.isStrict !== true) return answer(id, subject, "bad", "network-split", detail, facts);
  if (majority.value !== root) return answer(id, subject, "bad", "network-wrong", detail, facts);
  return judgeForks(node, evidence, detail, facts);
}

/** Compares the fork schedule with that of the others on the same genesis. */
function judgeForks(node: NodeEvidence, evidence: Evidence, detail: string, facts: Record<string, string>): Answer {
  const { subject } = node;
  const peers = [...evidence.nodes, ...evidence.references].filter((other) => rootOf(other) === rootOf(node));
  const now = epochNow(node, evidence);
  const past = (other: NodeEvidence) => scheduleText(other, (epoch) => epoch <= now);
  const coming = (other: NodeEvidence) => scheduleText(other, (epoch) => epoch > now);
  const isOdd = (read: (other: NodeEvidence) => string | undefined) => {
    const mine = read(node);
    const majority = majorityOf(peers.flatMap((other) => read(other) ?? []));
    return mine !== undefined && majority !== undefined && !(majority.isStrict && majority.value === mine);
  };
  const isOurs = subject.kind === "node";
  if (isOdd(past))
    return answer(id, subject, isOurs ? "bad" : "warning", "network-fork-missed", `${detail}: ${past(node)}`, facts);
  if (isOdd(coming))
    return answer(id, subject, "warning", "network-future-fork", `${detail}: ${coming(node) || "none coming"}`, facts);
  return answer(id, subject, "good", peers.length > 1 ? "network-known" : "network-alone", detail, facts);
}

function epochNow(node: NodeEvidence, evidence: Evidence): number {
  const timing = timingFor(node, evidence);
  return timing ? epochAt(timing, evidence.now) : 0;
}

/** Clients list forks that are not scheduled, or leave them out: neither is a difference. */
const farFuture = Number.MAX_SAFE_INTEGER;

function scheduleText(node: NodeEvidence, isIn: (epoch: number) => boolean): string | undefined {
  const schedule = valueOf(node.forkSchedule);
  if (!schedule) return undefined;
  const entries = schedule.filter(({ epoch }) => epoch < farFuture && isIn(epoch));
  const texts = entries.map(({ epoch, version }) => `${version.toLowerCase()} at epoch ${epoch}`);
  return [...new Set(texts)].sort().join(", ");
}
