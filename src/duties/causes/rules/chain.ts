import type { DutyCounts, LostAttestation } from "../../judge/lost-duty.ts";
import { found, onChain, percent } from "../say.ts";
import type { CauseRule, Scene } from "../types.ts";

/** Strangers that a share is worth something of. */
const fewest = 16;
/** A slot is everybody's trouble where strangers do so much worse than over the epoch, or a third of them is lost. */
const dropShare = 0.15;
const crisisShare = 1 / 3;

/** A slashed validator attests and earns nothing. */
export const slashed: CauseRule = ({ lost, validator }) => {
  if (lost.outcome !== "slashed" && validator?.slashed !== true) return undefined;
  return found("slashed", "certain", onChain("the chain holds its slashing"));
};

/** Before its activation or after its exit it has no duty that it could do. */
export const inactive: CauseRule = ({ lost: { epoch }, validator }) => {
  const { activationEpoch, exitEpoch } = validator ?? {};
  if (activationEpoch !== undefined && epoch < activationEpoch)
    return found("validator-inactive", "certain", onChain(`it is active from epoch ${activationEpoch} on`));
  if (exitEpoch !== undefined && epoch >= exitEpoch)
    return found("validator-inactive", "certain", onChain(`it left in epoch ${exitEpoch}`));
  return undefined;
};

/** Attesters of the slot that are not ours. */
export function strangers({ slotNetwork, slotOwn }: LostAttestation): DutyCounts {
  const less = (name: keyof DutyCounts) => Math.max(0, slotNetwork[name] - slotOwn[name]);
  return {
    assigned: less("assigned"),
    included: less("included"),
    timelySource: less("timelySource"),
    timelyTarget: less("timelyTarget"),
    timelyHead: less("timelyHead"),
  };
}

/** Did strangers of the slot lose theirs too? */
export const networkWide: CauseRule<LostAttestation> = ({ lost, record, isWhole, message }) => {
  if (lost.outcome !== "missed" && lost.outcome !== "late") return undefined;
  const { network } = record.chain;
  const others = strangers(lost);
  if (others.assigned < fewest || network.assigned === 0) return undefined;
  // A late inclusion shows in the source, which has a limit of time, at the latest.
  const part = lost.outcome === "missed" ? "included" : "timelySource";
  const share = others[part] / others.assigned;
  const usual = network[part] / network.assigned;
  if (share > usual - dropShare && share > 1 - crisisShare) return undefined;
  const words = part === "included" ? "were included" : "were in time";
  return found(
    "network-wide",
    // Ours may have failed for a reason of its own all the same, unless it is known to have been sent.
    share <= 1 - crisisShare && isWhole && message?.isAccepted === true ? "certain" : "likely",
    onChain(
      `${percent(others[part], others.assigned)} of ${others.assigned} strangers' votes of slot ${lost.slot} ${words}`,
    ),
    onChain(`${percent(network[part], network.assigned)} over the whole epoch`),
  );
};

/** Only empty slots kept it from being in time. */
export const nextSlotEmpty: CauseRule<LostAttestation> = ({ lost }) => {
  const { detail, emptySlots, slot, firstChance } = lost;
  if (lost.outcome !== "late" || emptySlots === 0 || detail - emptySlots > 1) return undefined;
  const text = `the first block after slot ${slot} is of slot ${firstChance?.slot ?? slot + detail}`;
  return found("next-slot-empty", "certain", onChain(text));
};

/** How much of the slot's strangers had a right head in time; `undefined`: too few to say. */
export function strangersTimelyHead({ lost }: Scene<LostAttestation>): number | undefined {
  const others = strangers(lost);
  return others.assigned < fewest ? undefined : others.timelyHead / others.assigned;
}
