import type { LostAttestation } from "../../judge/lost-duty.ts";
import { found, onChain } from "../say.ts";
import type { CauseRule } from "../types.ts";
import { strangers } from "./chain.ts";
import { committeeText } from "./submitted.ts";

/**
 * Where no gateway tells anything of a validator, or its evidence is lost: what the chain alone lets one say. None of it is
 * certain.
 */
export const stoppedBeforeExit: CauseRule = ({ message, validator, lost }) => {
  const exitEpoch = validator?.exitEpoch;
  if (message !== undefined || exitEpoch === undefined || lost.outcome !== "missed") return undefined;
  return found("stopped-before-exit", "likely", onChain(`its exit is in epoch ${exitEpoch}: until then it has duties`));
};

export const offline: CauseRule = ({ message, validator, lost: { epoch, outcome } }) => {
  const since = validator?.missedSinceEpoch;
  if (message !== undefined || since === undefined || since >= epoch || outcome !== "missed") return undefined;
  return found("offline", "likely", onChain(`it has missed every duty since epoch ${since}`));
};

/** Every watched validator of the slot lost it, and strangers did not. */
export const fleetAtSlot: CauseRule<LostAttestation> = ({ message, lost }) => {
  const { slotOwn: own, slot } = lost;
  const others = strangers(lost);
  if (message !== undefined || lost.outcome !== "missed" || own.assigned < 3 || own.included > 0) return undefined;
  if (others.assigned < 16 || others.included / others.assigned < 0.9) return undefined;
  const text = `none of ${own.assigned} watched validators of slot ${slot} was included, and strangers were`;
  return found("fleet-at-slot", "likely", onChain(text));
};

/** Most of the committee came late too: its aggregate was left out. */
export const committeeLate: CauseRule<LostAttestation> = ({ lost }) => {
  const { assigned, timelySource, included } = lost.committeeNetwork;
  if ((lost.outcome !== "late" && lost.outcome !== "missed") || assigned < 8) return undefined;
  const done = lost.outcome === "missed" ? included : timelySource;
  return done / assigned < 0.5 ? found("not-included", "possible", committeeText(lost)) : undefined;
};
