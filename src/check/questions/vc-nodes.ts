import { answer, type Question } from "../answer.ts";

const id = "vc-nodes";

/** Does the validator client itself see a usable beacon node? Only clients that tell are asked. */
export const vcNodes: Question = {
  id,
  title: "its beacon nodes",
  ask: ({ validatorClients }) =>
    validatorClients.flatMap(({ subject, page }) => {
      const { usableNodes: usable, configuredNodes: configured } =
        (page.kind === "known" ? page.value : undefined) ?? {};
      if (usable === undefined || configured === undefined || configured === 0) return [];
      const facts = { usableNodes: usable, configuredNodes: configured };
      const detail = `${usable} of ${configured} usable`;
      if (usable <= 0) return [answer(id, subject, "bad", "vc-nodes-none", detail, facts)];
      if (usable < configured) return [answer(id, subject, "warning", "vc-nodes-some", detail, facts)];
      return [answer(id, subject, "good", "vc-nodes-good", detail, facts)];
    }),
};
