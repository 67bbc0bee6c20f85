import type { LostProposal } from "../../judge/lost-duty.ts";
import { found, messageEvidence, onChain, short } from "../say.ts";
import { sentAt } from "../scene.ts";
import type { CauseRule } from "../types.ts";

/** A block that is on the chain and breaks what its customer agreed, or paid less: the finding is the cause. */
export const brokenPolicy: CauseRule<LostProposal> = ({ lost }) => {
  const { outcome, feeRecipient, relay } = lost;
  switch (outcome) {
    case "wrong-fee-recipient":
      return found("wrong-fee-recipient", "certain", onChain(`the block pays ${feeRecipient ?? "an unknown address"}`));
    case "wrong-relay":
      return found(
        "wrong-relay",
        "certain",
        onChain(relay === undefined ? "no relay delivered it" : `${relay} delivered it`),
      );
    case "underpaid":
      return found("underpaid", "certain", onChain(`${relay ?? "the builder"} paid less than it promised`));
    case "empty-payload":
      return found("empty-payload", "likely", onChain("the block is on the chain without its payload"));
    case "missed":
    case "orphaned":
      return undefined;
  }
};

/** The block came when attesters had voted without it already. */
export const blockLate: CauseRule<LostProposal> = (scene) => {
  const { message, messages, lost, dueAt, isWhole } = scene;
  if (message?.isAccepted !== true || Math.min(...messages.map(sentAt)) <= dueAt) return undefined;
  const code = lost.outcome === "orphaned" ? "orphaned-late-block" : "block-published-late";
  return found(code, isWhole ? "certain" : "likely", messageEvidence(scene, message));
};

/** It was published in time, and the chain went on without it. */
export const blockLeftBehind: CauseRule<LostProposal> = (scene) => {
  const { message, lost } = scene;
  const isThere = message?.isAccepted === true;
  if (lost.outcome === "orphaned")
    return found(
      "block-orphaned",
      isThere ? "likely" : "possible",
      onChain(`block ${short(lost.root ?? "0x")} was seen, and the chain went on without it`),
      message && messageEvidence(scene, message),
    );
  return isThere ? found("block-not-adopted", "likely", messageEvidence(scene, message)) : undefined;
};
