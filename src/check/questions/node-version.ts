import { answer, unanswered, type Question } from "../answer.ts";

const id = "node-version";

/** Which client and version runs there? Whether it is the newest cannot be known from here. */
export const nodeVersion: Question = {
  id,
  title: "version",
  ask: ({ nodes }) =>
    nodes.map(({ subject, version }) =>
      version.kind === "failed"
        ? unanswered(id, subject, version)
        : answer(id, subject, "good", "version-known", version.value, { version: version.value }),
    ),
};
