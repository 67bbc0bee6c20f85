import type { Labels } from "../../alerts/labels.ts";
import type { IncidentReasonCode } from "../reasons.ts";

/** `single`: one validator or key. `multiple`: a part of ours. `network`: others too. */
export type IncidentScope = "single" | "multiple" | "network" | "unknown";

/** A fact behind a statement, and where it can be looked up. */
export interface AssessedFact {
  text: string;
  /** A path of the page: "/validators?key=validatorClient&value=vc1". */
  link: string | undefined;
  at: number;
}

/** One of the first-look questions (nodes, machines, logs and peers, network) with its answer. */
export interface FirstLook {
  question: "nodes" | "machines" | "logs" | "network";
  verdict: "good" | "warning" | "bad" | "unknown";
  sentence: string;
  facts: readonly AssessedFact[];
}

/** A label set that the victims share. */
export interface VictimCohort {
  labels: Labels;
  /** Victims that carry it, of all victims; 0 to 1. */
  coverage: number;
  /** Victims among all validators that carry it; 0 to 1. */
  density: number;
  victims: number;
  validators: number;
}

export interface SlaRisk {
  customer: string;
  sentence: string;
  /** Ms since 1970; `undefined`: no breach at this rate. */
  breachAt: number | undefined;
}

/** What is known seconds after a declaration, and again each time that it changes. */
export interface Assessment {
  at: number;
  scope: IncidentScope;
  /** Why the scope is what it is. */
  reason: IncidentReasonCode;
  sentence: string;
  evidence: readonly AssessedFact[];
  victims: { count: number; stakeGwei: number; ofWatched: number; customers: readonly string[] };
  /** The smallest label set that explains at least 90 % of the victims, best first; empty where none does. */
  cohorts: readonly VictimCohort[];
  firstLook: readonly FirstLook[];
  /** Causes of the lost duties, most frequent first. */
  causes: readonly { code: string; lost: number }[];
  /** What changed lately: versions, configuration, maintenance, actions of operators. Newest first. */
  changes: readonly AssessedFact[];
  logSignatures: readonly AssessedFact[];
  /** Net loss since the impact began. */
  penaltiesGwei: number;
  slaRisks: readonly SlaRisk[];
}
