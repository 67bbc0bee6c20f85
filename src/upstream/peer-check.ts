import type { NodeState, Verdict } from "./state.ts";

const zeroPeersMs = 30_000;

interface Judged {
  node: NodeState;
  verdict: Verdict;
}

/** No peers for 30 s makes a node suspect while another node stays ready: the last ready node is never taken out for it. */
export function applyPeerRule(judged: readonly Judged[], now: number): Judged[] {
  const hasNoPeers = ({ node }: Judged) =>
    node.zeroPeersSince !== undefined && now - node.zeroPeersSince >= zeroPeersMs;
  const isOtherReady = judged.some(
    (each) => each.verdict.health === "ready" && each.node.operator === "active" && !hasNoPeers(each),
  );
  if (!isOtherReady) return [...judged];
  return judged.map((each) =>
    each.verdict.health === "ready" && hasNoPeers(each)
      ? { node: each.node, verdict: { health: "suspect", reason: "peers-zero", detail: "0 peers for 30 s" } }
      : each,
  );
}
