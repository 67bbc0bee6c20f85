import { answer, unanswered, type Question } from "../answer.ts";
import { isHeadOptimistic } from "../evidence.ts";

const id = "node-optimistic";

/** Has the execution client verified the head? An optimistic node must not serve duties. */
export const nodeOptimistic: Question = {
  id,
  title: "head verified",
  ask: ({ nodes }) =>
    nodes.map((node) => {
      const { subject, syncing } = node;
      if (syncing.kind === "failed") return unanswered(id, subject, syncing);
      const isOptimistic = isHeadOptimistic(node);
      if (isOptimistic === undefined) return answer(id, subject, "unknown", "optimistic-unsaid");
      return isOptimistic
        ? answer(id, subject, "bad", "optimistic", "", { isOptimistic })
        : answer(id, subject, "good", "verified", "", { isOptimistic });
    }),
};
