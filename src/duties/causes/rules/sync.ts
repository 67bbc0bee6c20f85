import type { LostSync } from "../../judge/lost-duty.ts";
import { found, messageEvidence, onChain, percent } from "../say.ts";
import type { CauseRule } from "../types.ts";
import { wrongHead } from "./head.ts";

/** Fewer seats signed than in a healthy network. */
export const syncNetworkWide: CauseRule<LostSync> = ({ lost: { network, detail, missedSlots } }) => {
  if (network.hits === 0 && missedSlots.every((slot) => slot === 1))
    return found(
      "network-wide",
      "certain",
      onChain("the block of slot 1 would hold signatures of genesis: nobody signed it"),
    );
  // Its own missed seats are among them.
  const others = network.duties - detail;
  if (others < 32 || network.hits / others > 2 / 3) return undefined;
  return found("network-wide", "likely", onChain(`${percent(network.hits, network.duties)} of the seats signed`));
};

/** It signed another head than the chain's, so no block could count it. */
export const syncHeadDiffers: CauseRule<LostSync> = (scene) => {
  const { message, record, slot } = scene;
  const expected = record.chain.chain.rootAt(slot);
  if (message?.headRoot === undefined || expected === undefined) return undefined;
  return wrongHead(scene, message.headRoot, expected);
};

export const syncNotIncluded: CauseRule<LostSync> = (scene) => {
  const { message } = scene;
  return message?.isAccepted === true ? found("not-included", "likely", messageEvidence(scene, message)) : undefined;
};
