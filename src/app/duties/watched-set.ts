import { cohortsOf, watchedIndices } from "../../fleet/cohorts.ts";
import type { Customer, FleetInventory, FleetValidator } from "../../fleet/validator.ts";
import type { WatchedSet } from "../../duties/follow/judge-from-chain.ts";
import type { ProposalPolicy } from "../../duties/judge/judge-input.ts";

/** The inventory as judging and pages need it; one object per revision. */
export interface WatchedFleet extends WatchedSet {
  revision: number;
  byIndex: ReadonlyMap<number, FleetValidator>;
  byKey: ReadonlyMap<string, FleetValidator>;
  /** Cohorts that are not followed because their label has too many values, by key. */
  cut: readonly { key: string; values: number }[];
  /** Keys whose index the chain has not told yet. */
  unresolvedKeys: readonly string[];
}

/** `anyRecipients`: addresses that are allowed for every customer; empty: any address is. */
export function watchedFleet(
  { revision, validators }: FleetInventory,
  customers: readonly Customer[],
  anyRecipients: readonly string[],
): WatchedFleet {
  const indices = watchedIndices(validators);
  const { cohorts, cut } = cohortsOf(validators, indices);
  const byIndex = new Map<number, FleetValidator>();
  const byKey = new Map<string, FleetValidator>();
  const unresolvedKeys: string[] = [];
  for (const validator of validators) {
    if (validator.index !== undefined) byIndex.set(validator.index, validator);
    else if (validator.pubkey !== undefined) unresolvedKeys.push(validator.pubkey);
    if (validator.pubkey !== undefined) byKey.set(validator.pubkey, validator);
  }
  const policies = new Map(customers.map((customer) => [customer.name, policyOf(customer, anyRecipients)]));
  const fallback: ProposalPolicy | undefined =
    anyRecipients.length > 0 ? { feeRecipients: anyRecipients, relays: "any" } : undefined;
  return {
    ...{ revision, indices, cohorts, cut, byIndex, byKey, unresolvedKeys },
    policyOf: (index) => policies.get(byIndex.get(index)?.labels["customer"] ?? "") ?? fallback,
  };
}

function policyOf({ feeRecipients, relays }: Customer, anyRecipients: readonly string[]): ProposalPolicy {
  return { feeRecipients: feeRecipients.length > 0 ? feeRecipients : anyRecipients, relays };
}
