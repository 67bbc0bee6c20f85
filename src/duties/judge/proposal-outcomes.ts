import type { BlockFacts, ExceptionOutcome, ProposalOutcome, SlotOutcome } from "../types.ts";
import type { JudgeInput, ProposalPolicy, RelayDelivery } from "./judge-input.ts";

export interface JudgedProposal {
  proposal: ProposalOutcome;
  /** What is wrong with it, worst first; `undefined`: nothing. */
  wrong: ProposalFault | undefined;
}

export type ProposalFault = Extract<
  ExceptionOutcome,
  "missed" | "orphaned" | "empty-payload" | "wrong-fee-recipient" | "wrong-relay" | "underpaid"
>;

/** Turns of the watched validators, and what their customers' policies say of the blocks. */
export function proposalOutcomes(
  input: JudgeInput,
  slots: readonly SlotOutcome[],
  positionOf: (validatorIndex: number) => number | undefined,
  caveats: string[],
): JudgedProposal[] {
  const lost = averageReward(input, slots);
  const judged: JudgedProposal[] = [];
  for (const { slot, proposerIndex, block: outcome, root } of slots) {
    if (proposerIndex === undefined || positionOf(proposerIndex) === undefined) continue;
    const block = input.blocks.find((it) => it.slot === slot);
    const hash = block?.payload?.blockHash ?? block?.bid?.blockHash;
    const feeRecipient = block?.payload?.feeRecipient ?? block?.bid?.feeRecipient;
    const delivery = hash === undefined ? undefined : input.relayOf?.(slot, hash);
    const hasBlock = block !== undefined;
    const valuePaid = paidByBuilder(block, delivery);
    const proposal: ProposalOutcome = {
      slot,
      validatorIndex: proposerIndex,
      outcome,
      root,
      feeRecipient,
      reward: hasBlock ? input.rewards?.blocks.get(block.root) : undefined,
      lost: hasBlock ? undefined : lost,
      ...(delivery?.relay === undefined ? {} : { relay: delivery.relay }),
      ...(delivery?.valuePromised === undefined ? {} : { valuePromised: delivery.valuePromised }),
      ...(valuePaid === undefined ? {} : { valuePaid }),
    };
    let wrong: ProposalFault | undefined;
    if (outcome !== "proposed") wrong = outcome;
    else if (feeRecipient !== undefined) {
      const policy = input.policyOf?.(proposerIndex);
      // A bid names the address that the proposer is paid at; a payload names its builder's where a relay delivered it.
      const isPaidDirectly = block?.bid !== undefined;
      const isUnderpaid = valuePaid !== undefined && valuePaid < (delivery?.valuePromised ?? 0);
      wrong =
        policyFault(policy, feeRecipient, delivery, isPaidDirectly, caveats) ?? (isUnderpaid ? "underpaid" : undefined);
    }
    judged.push({ proposal, wrong });
  }
  return judged;
}

/**
 * What a builder paid in the last transaction of its block. Unknown where the payload's own fee recipient is the proposer's:
 * then tips are its pay, and what else is transferred is only a part.
 */
function paidByBuilder(block: BlockFacts | undefined, delivery: RelayDelivery | undefined): number | undefined {
  const recipient = delivery?.proposerFeeRecipient;
  const payload = block?.payload;
  if (recipient === undefined || payload === undefined || payload.feeRecipient === recipient) return undefined;
  return payload.lastTransfer?.to === recipient ? payload.lastTransfer.value : undefined;
}

function policyFault(
  policy: ProposalPolicy | undefined,
  feeRecipient: string,
  delivery: RelayDelivery | undefined,
  isPaidDirectly: boolean,
  caveats: string[],
): ProposalFault | undefined {
  const allowed = policy?.feeRecipients ?? [];
  const isListed = (address: string): boolean => allowed.length === 0 || allowed.includes(address);
  const isBuilt = delivery?.relay !== undefined && !isPaidDirectly;
  const paidAt = isBuilt ? delivery.proposerFeeRecipient : feeRecipient;
  if (paidAt !== undefined && !isListed(paidAt)) {
    const couldBeBuilt = delivery === undefined && !isPaidDirectly && policy?.relays !== "forbidden";
    if (!couldBeBuilt) return "wrong-fee-recipient";
    caveats.push("relay-unknown");
  }
  if (delivery !== undefined && policy?.relays === "required" && delivery.relay === undefined) return "wrong-relay";
  if (policy?.relays === "forbidden" && delivery?.relay !== undefined) return "wrong-relay";
  return undefined;
}

/** What blocks of the epoch earned on average, of those whose reward is known. */
function averageReward(input: JudgeInput, slots: readonly SlotOutcome[]): number | undefined {
  const rewards = slots.flatMap(({ root }) => {
    const reward = root === undefined ? undefined : input.rewards?.blocks.get(root);
    return reward === undefined ? [] : [reward];
  });
  if (rewards.length === 0) return undefined;
  return Math.round(rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length);
}
