import { answer, unanswered, type Question } from "../answer.ts";
import { plural } from "../chain-view.ts";

const id = "node-syncing";

/** Is the node in sync, by its own word? Its word alone is not enough: see node-head and fork. */
export const nodeSyncing: Question = {
  id,
  title: "in sync",
  ask: ({ nodes }) =>
    nodes.map(({ subject, syncing }) => {
      if (syncing.kind === "failed") return unanswered(id, subject, syncing);
      const { headSlot, syncDistance, isSyncing } = syncing.value;
      const evidence = { headSlot, syncDistance, isSyncing };
      const distance = syncDistance === undefined ? "" : `${plural(syncDistance, "slot")} to go, `;
      if (isSyncing === undefined)
        return answer(id, subject, "unknown", "not-answered", "the node does not say", evidence);
      if (isSyncing) return answer(id, subject, "bad", "syncing", `${distance}head ${headSlot}`, evidence);
      return answer(id, subject, "good", "synced", `head ${headSlot}`, evidence);
    }),
};
