import { answer, type Question } from "../answer.ts";
import { duration } from "../../lib/amounts.ts";
import type { Fact, FactFailure, NodeEvidence } from "../evidence.ts";
import type { CheckReasonCode } from "../reasons.ts";

const id = "node-up";

const reasonByFailure: Readonly<Record<FactFailure, CheckReasonCode>> = {
  refused: "node-refused",
  reset: "node-reset",
  unreachable: "node-unreachable",
  timeout: "node-hangs",
  tls: "node-tls",
  status: "node-not-beacon",
  "not-beacon": "node-not-beacon",
  failed: "node-failed",
};

/** Is the node up and running? A node is up when it answers the Beacon API, not when its port is open. */
export const nodeUp: Question = {
  id,
  title: "up",
  ask: ({ nodes, references }) => [...nodes, ...references].map(judge),
};

function judge(node: NodeEvidence) {
  const calls: [string, Fact<unknown>][] = [
    ["genesis", node.genesis],
    ["spec", node.spec],
    ["version", node.version],
    ["syncing", node.syncing],
    ["head", node.head],
  ];
  const answered = calls.filter(([, fact]) => fact.kind === "known");
  const failed = calls.flatMap(([name, fact]) => (fact.kind === "failed" ? [{ name, fact }] : []));
  const first = failed[0];
  // A wrong verdict for a reference accuses somebody else's machine: what it says is then unknown, no more.
  const isOurs = node.subject.kind === "node";
  if (answered.length === 0 && first) {
    const worst = failed.find(({ fact }) => fact.failure !== "timeout") ?? first;
    const reason = reasonOf(worst.fact);
    return answer(id, node.subject, isOurs ? "bad" : "unknown", reason, worst.fact.message, {
      failure: worst.fact.failure,
      status: worst.fact.status,
    });
  }
  const quickest = Math.min(...answered.map(([, fact]) => (fact.kind === "known" ? fact.latencyMs : Infinity)));
  const evidence = { latencyMs: Math.round(quickest), failedCalls: failed.map(({ name }) => name).join(",") };
  if (isOurs && first) {
    const names = failed.map(({ name, fact }) => `${name}: ${fact.message}`).join("; ");
    return answer(id, node.subject, "warning", "node-partly", names, evidence);
  }
  return answer(id, node.subject, "good", "node-up", `answers in ${duration(quickest)}`, evidence);
}

function reasonOf({ failure, status = 0 }: Fact<unknown> & { kind: "failed" }): CheckReasonCode {
  if (failure !== "status") return reasonByFailure[failure];
  if (status === 503) return "node-starting";
  if (status === 401 || status === 403) return "node-denied";
  return status >= 500 ? "node-behind-proxy" : "node-not-beacon";
}
