import type { ChainTiming } from "../../chain/slot-clock.ts";
import type { DutyRetention } from "../../duties/ports.ts";
import type { DutySettings } from "../../fleet/validator-sources.ts";

const dayMs = 86_400_000;
/** Mainnet's, until a node told the chain's own. */
const assumedEpochMs = 384_000;

/** Days of the configuration as epochs of the chain. */
export function retentionOf(
  { columnDays, exceptionDays, cohortDays, dailyCohortDays }: DutySettings["retention"],
  timing: ChainTiming | undefined,
): DutyRetention {
  const epochMs = timing ? timing.spec.slotsPerEpoch * timing.spec.slotDurationMs : assumedEpochMs;
  const epochs = (days: number) => Math.ceil((days * dayMs) / epochMs);
  return {
    columnEpochs: epochs(columnDays),
    exceptionEpochs: epochs(exceptionDays),
    cohortEpochs: epochs(cohortDays),
    dailyCohortDays,
    epochsPerDay: epochs(1),
    ...(timing && { epochsBeforeGenesis: Math.floor(timing.genesis.genesisTimeMs / epochMs) }),
  };
}
