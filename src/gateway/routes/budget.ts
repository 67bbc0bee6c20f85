import type { Clock } from "../../lib/clock.ts";
import type { ChainSpec, DeadlinesBps, Genesis } from "../../chain/types.ts";
import type { Budget, SlotStretch } from "./route.ts";

/** What is known of the network; absent until a quorum of nodes has told. */
export type BudgetNetwork = { spec: ChainSpec; genesis: Pick<Genesis, "genesisTimeMs"> } | undefined;

/** On networks with short slots a node needs as long for its work as elsewhere: no share of a slot counts as less, ms. */
const leastBudgetMs = 1_000;

const wholeSlot = 10_000;
/** Mainnet's before Gloas, which are the longest: what holds until the network is known. */
const assumedSlotMs = 12_000;
const assumedPayloadAttestationBps = 7_500;
const assumedDeadlines: DeadlinesBps = { attestation: 3333, aggregate: 6667, syncMessage: 3333, contribution: 6667 };

/**
 * A budget in milliseconds, at the slot that it is now (consensus-specs: `*_DUE_BPS`, and `*_DUE_BPS_GLOAS` from the Gloas
 * fork on; `PAYLOAD_ATTESTATION_DUE_BPS` exists from Gloas on only). Called once a request: it allocates nothing.
 */
export function budgetMs(budget: Budget, network: BudgetNetwork, clock: Pick<Clock, "now">): number {
  if ("ms" in budget) return budget.ms;
  const slotMs = network?.spec.slotDurationMs ?? assumedSlotMs;
  if ("bps" in budget) return atLeast((slotMs * budget.bps) / wholeSlot);
  const stretch =
    budget.due === "payloadAttestation"
      ? wholeSlot - (network?.spec.payloadAttestationDueBps ?? assumedPayloadAttestationBps)
      : stretchBps(network ? deadlinesAt(network, clock.now()) : assumedDeadlines, budget.due);
  return atLeast((slotMs * stretch * budget.partBps) / (wholeSlot * wholeSlot));
}

/** How long a stretch of the slot is, in basis points of the slot. */
function stretchBps(deadlines: DeadlinesBps, stretch: Exclude<SlotStretch, "payloadAttestation">): number {
  switch (stretch) {
    case "block":
      return deadlines.attestation;
    case "attestation":
      return deadlines.aggregate - deadlines.attestation;
    case "syncMessage":
      return deadlines.contribution - deadlines.syncMessage;
    case "aggregate":
      return wholeSlot - deadlines.aggregate;
    case "contribution":
      return wholeSlot - deadlines.contribution;
  }
}

function deadlinesAt(network: NonNullable<BudgetNetwork>, nowMs: number): DeadlinesBps {
  const { spec } = network;
  for (const fork of spec.forks) {
    if (fork.name !== "gloas") continue;
    const startsAt = network.genesis.genesisTimeMs + fork.epoch * spec.slotsPerEpoch * spec.slotDurationMs;
    return nowMs >= startsAt ? spec.deadlinesGloas : spec.deadlines;
  }
  return spec.deadlines;
}

function atLeast(ms: number): number {
  return ms < leastBudgetMs ? leastBudgetMs : ms;
}
