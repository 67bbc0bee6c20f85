import { found, messageEvidence } from "../say.ts";
import type { CauseRule, Scene } from "../types.ts";

const slashable = /^(double-vote|surround-vote|double-proposal)\b/;

/** The tripwire kept it back: published, it would have been slashable. */
export const refusedAsSlashable: CauseRule = (scene) => {
  const { message, isWhole } = scene;
  if (message === undefined || message.isAccepted || isOnChain(scene)) return undefined;
  const code = message.refused ?? message.refusal?.reason ?? "";
  if (!slashable.test(code)) return undefined;
  return found("slashable-refused", isWhole ? "certain" : "likely", messageEvidence(scene, message));
};

/** Every node that spoke refused it. */
export const refusedByNodes: CauseRule = (scene) => {
  const { message, messages, isWhole } = scene;
  if (message === undefined || message.isAccepted || message.refused === undefined || isOnChain(scene))
    return undefined;
  const evidence = messages.slice(0, 3).map((each) => messageEvidence(scene, each));
  return found("refused-by-nodes", isWhole ? "certain" : "likely", ...evidence);
};

/** It was sent, and no node took it: down, hung or failing. */
export const publishFailed: CauseRule = (scene) => {
  const { message, messages, isWhole } = scene;
  if (message === undefined || message.isAccepted || isOnChain(scene)) return undefined;
  const evidence = messages.slice(0, 3).map((each) => messageEvidence(scene, each));
  // The client of a 499 gave up waiting: what the nodes did with it afterwards is not known.
  const isKnown = isWhole && messages.every(({ status }) => status !== 499);
  return found("publish-failed", isKnown ? "certain" : "likely", ...evidence);
};

/** A vote that the chain holds was taken by somebody. */
const isOnChain = ({ lost }: Scene): boolean => lost.kind === "attestation" && lost.voted !== undefined;
