import { answer, unanswered, type Question } from "../answer.ts";
import { isPublicNetwork, plural } from "../chain-view.ts";

const id = "node-peers";

/** Clients warn at one peer, which is far too late; on a public network a healthy node has dozens. */
const fewOnPublicNetwork = 10;

/** Are there enough peers? */
export const nodePeers: Question = {
  id,
  title: "peers",
  ask: ({ nodes }) =>
    nodes.map((node) => {
      const { subject, peers } = node;
      if (peers.kind === "failed") return unanswered(id, subject, peers);
      const facts = { connected: peers.value };
      if (peers.value === 0) return answer(id, subject, "bad", "peers-none", "", facts);
      const isFew = isPublicNetwork(node) && peers.value < fewOnPublicNetwork;
      return isFew
        ? answer(id, subject, "warning", "peers-few", plural(peers.value, "peer"), facts)
        : answer(id, subject, "good", "peers-enough", plural(peers.value, "peer"), facts);
    }),
};
