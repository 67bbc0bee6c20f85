import type { CallFailure } from "../beacon/call-result.ts";
import type { NodeState, Verdict } from "./state.ts";

/**
 * Does the node answer? Refused, unreachable and TLS failures are beyond doubt at once; whatever may pass (a reset, a
 * timeout, one odd answer) makes it suspect first, and down when the confirming probe fails too.
 */
export function checkReachable(node: NodeState): Verdict | undefined {
  const { failure, suspicion } = node;
  if (failure !== undefined && node.failures > 0) {
    const verdict = verdictOf(failure, node.failures);
    // What was never seen to answer is not trusted by half.
    return verdict.health === "suspect" && node.lastSeenAt === undefined ? { ...verdict, health: "unknown" } : verdict;
  }
  if (node.syncing === undefined) return { health: "unknown", reason: "not-probed-yet", detail: "" };
  if (suspicion !== undefined) return { health: "suspect", reason: suspicion.reason, detail: suspicion.detail };
  return undefined;
}

function verdictOf(failure: CallFailure, failures: number): Verdict {
  const detail = failure.message;
  const health = failures >= 2 ? "down" : "suspect";
  switch (failure.kind) {
    case "refused":
      return { health: "down", reason: "connection-refused", detail };
    case "unreachable":
      return { health: "down", reason: "host-unreachable", detail };
    case "tls":
      return { health: "down", reason: "tls-failed", detail };
    case "reset":
      return { health, reason: "connection-reset", detail };
    case "timeout":
    case "aborted":
      return { health, reason: "no-answer", detail };
    case "status":
      return verdictOfStatus(failure, health);
    case "not-json":
      return { health, reason: "not-a-beacon-node", detail };
    case "wrong-shape":
    case "too-large":
      return { health, reason: "answer-unreadable", detail };
  }
}

function verdictOfStatus(failure: CallFailure, health: "suspect" | "down"): Verdict {
  const detail = failure.message;
  if (failure.status === 206 || failure.status === 503)
    return { health: "syncing", reason: "not-ready-status", detail };
  const status = failure.status ?? 0;
  if (status < 500 && status !== 429 && status !== 408) return { health, reason: "not-a-beacon-node", detail };
  return { health, reason: "http-error", detail };
}
