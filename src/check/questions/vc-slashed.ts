import { answer, type Question } from "../answer.ts";
import { plural } from "../chain-view.ts";

const id = "vc-slashed";

/** Does the validator client know of a slashed key? Only clients that tell are asked, and good news is no answer. */
export const vcSlashed: Question = {
  id,
  title: "slashed",
  ask: ({ validatorClients }) =>
    validatorClients.flatMap(({ subject, page }) => {
      const slashed = page.kind === "known" ? page.value?.slashedKeys : undefined;
      return slashed !== undefined && slashed > 0
        ? [answer(id, subject, "bad", "keys-slashed", plural(slashed, "key"), { slashedKeys: slashed })]
        : [];
    }),
};
