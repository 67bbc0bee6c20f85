import type { DutyPorts } from "../ports-duties.ts";

/** Duties that are switched off: what a monitor without validators answers. */
export function noDuties(): DutyPorts {
  const nobody = () => Promise.resolve(undefined);
  return {
    now: () => ({
      ...{
        at: 1,
        state: "off",
        sentence: "No validator is configured.",
        currentSlot: undefined,
        currentEpoch: undefined,
      },
      ...{ slotsPerEpoch: 0, slotDurationMs: 0, genesisTimeMs: 0, watched: 0, network: undefined, live: [] },
      ...{ provisionalEpoch: undefined, finalEpoch: undefined, finalizedEpoch: undefined, cost: undefined },
      retention: { columnEpochs: 1, exceptionEpochs: 1, cohortEpochs: 1, dailyCohortDays: 1, epochsPerDay: 225 },
    }),
    onChange: () => () => undefined,
    epochs: () => Promise.resolve({ epochs: [], gaps: [] }),
    epoch: nobody,
    cohorts: () => Promise.resolve({ cohorts: [] }),
    cohortTable: () => Promise.reject(new Error("not asked here")),
    exceptions: () => Promise.resolve({ items: [] }),
    causes: () => Promise.resolve({ lost: 0, unknownShare: 0, causes: [], blastRadius: [] }),
    next: () => ({ duties: [], knownToEpoch: undefined }),
    heatmap: () => Promise.resolve(new Uint8Array(0)),
    validators: () => Promise.resolve({ total: 0, items: [] }),
    validator: nobody,
    validatorDuties: nobody,
    explain: nobody,
    sla: () => Promise.resolve({ at: 1, customers: [] }),
    fleet: () => ({
      ...{
        revision: 0,
        validators: 0,
        withoutIndex: 0,
        statuses: {},
        sources: [],
        conflicts: [],
        findings: [],
        keys: [],
      },
    }),
  };
}
