import type { CallFailure } from "../beacon/call-result.ts";
import type { BlockHeader, FinalityCheckpoints, SyncingStatus } from "../beacon/routes.ts";
import type { ChainSpec, Genesis } from "../chain/types.ts";
import type { ChosenBranch } from "./branch-choice.ts";
import type { CallObservation, OperatorState } from "./types.ts";

/** One kind of question to a node, each with its own route and period. */
export type ProbeKind = "syncing" | "version" | "peers" | "genesis" | "spec" | "forks" | "head" | "finality" | "header";

export interface ForkEntry {
  version: string;
  epoch: number;
}

/** What an answered probe told. */
export type ProbeAnswer =
  | { probe: "syncing"; status: SyncingStatus }
  | { probe: "version"; version: string; executionClient: string | undefined }
  | { probe: "peers"; connected: number }
  | { probe: "genesis"; genesis: Genesis }
  | { probe: "spec"; spec: ChainSpec }
  | { probe: "forks"; forks: readonly ForkEntry[] }
  | { probe: "head"; header: BlockHeader; isOptimistic: boolean | undefined }
  | { probe: "header"; header: BlockHeader }
  | { probe: "finality"; finality: FinalityCheckpoints };

/** Everything that can be learnt of a node: the only input of the judge besides state and time. */
export type Fact =
  | { kind: "tick" }
  | {
      kind: "answer";
      node: string;
      askedAt: number;
      latencyMs: number;
      serverTimeAt: number | undefined;
      answer: ProbeAnswer;
    }
  /** The node has been silent on a probe for the soft budget; the probe goes on. */
  | { kind: "probe-slow"; node: string }
  | { kind: "probe-failed"; node: string; probe: ProbeKind; failure: CallFailure }
  | { kind: "stream-opened"; node: string }
  | { kind: "stream-broken"; node: string; detail: string; isAsked: boolean }
  | { kind: "stream-head"; node: string; slot: number; root: string; isOptimistic: boolean | undefined }
  | { kind: "stream-garbage"; node: string; detail: string }
  | { kind: "stream-finalized"; node: string }
  | { kind: "call"; observation: CallObservation }
  | { kind: "suspected"; node: string; detail: string }
  | { kind: "operator"; node: string; operator: OperatorState; by: string }
  | { kind: "gate-finished"; node: string }
  /** A person decides a split, or a decision of before a restart is known again. */
  | { kind: "branch-chosen"; choice: ChosenBranch };

/** What the judge wants done; the shell does it, coalesced. */
export type Wanted =
  | { kind: "probe"; node: string; probe: Exclude<ProbeKind, "header"> }
  | { kind: "header"; node: string; root: string }
  | { kind: "reopen-stream"; node: string; why: string }
  | { kind: "gate"; node: string };
