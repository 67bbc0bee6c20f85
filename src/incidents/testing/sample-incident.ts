import type { Assessment, VictimCohort } from "../assessment/types.ts";
import { declareIncident, type DeclareInput } from "../declare.ts";
import type { Incident, TimelineEntry } from "../types.ts";
import type { Done, Refusal } from "../verb-result.ts";

/** For tests: when everything begins. */
export const startAt = 1_700_000_000_000;

/** The incident and entries of what was done; a refusal is a failed test. */
export function doneBy<T extends Done>(result: T | Refusal): T {
  if (result.kind === "refused") throw new Error(`refused: ${result.reason}, ${result.detail}`);
  return result;
}

export function refusedBy(result: Done | Refusal): string {
  if (result.kind === "done") throw new Error("it was done");
  return result.reason;
}

export function sampleIncident(input: Partial<DeclareInput> = {}): Incident {
  const source = { kind: "person", by: "ada" } as const;
  return doneBy(declareIncident({ reference: "INC-7", title: "bn1 hangs", source, ...input }, startAt)).incident;
}

export function sampleAssessment(changes: Partial<Assessment> = {}): Assessment {
  return {
    ...{ at: startAt, scope: "multiple", reason: "scope-not-known", sentence: "A part of ours is hit.", evidence: [] },
    victims: { count: 3, stakeGwei: 96e9, ofWatched: 100, customers: ["acme"] },
    ...{ cohorts: [], firstLook: [], causes: [], changes: [], logSignatures: [], penaltiesGwei: 0, slaRisks: [] },
    ...changes,
  };
}

export function sampleCohort(labels: VictimCohort["labels"]): VictimCohort {
  return { labels, coverage: 1, density: 1, victims: 3, validators: 3 };
}

export const textsOf = (entries: readonly TimelineEntry[]) => entries.map(({ kind, text }) => `${kind}: ${text}`);
