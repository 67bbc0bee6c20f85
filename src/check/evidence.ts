import type { BlockRef, ChainSpec, Checkpoint, Genesis } from "../chain/types.ts";
import type { SyncingStatus } from "../beacon/routes.ts";
import type { LogReading } from "../signals/match-log.ts";
import type { CpuUse, HostReading } from "../signals/read-host.ts";
import type { VcReading } from "../signals/read-validator-client.ts";

export type SubjectKind = "node" | "reference" | "validator-client" | "host" | "log" | "everything";

/** What an answer is about. `url` never holds a secret: see `maskUrl`. */
export interface Subject {
  kind: SubjectKind;
  name: string;
  url?: string;
}

/** Why a question got no answer. `not-beacon` means that something answered, but not as a beacon node would. */
export type FactFailure = "refused" | "reset" | "unreachable" | "timeout" | "tls" | "status" | "not-beacon" | "failed";

/** One thing that was asked. `at` is our wall clock when the answer came, milliseconds since the epoch. */
export type Fact<T> =
  | {
      kind: "known";
      value: T;
      at: number;
      latencyMs: number;
      /** The answer's own `execution_optimistic`, where it has one. */
      isOptimistic?: boolean;
    }
  | { kind: "failed"; failure: FactFailure; status?: number; message: string };

export interface ForkEntry {
  /** 0x-prefixed, 4 bytes, lower case. */
  version: string;
  epoch: number;
}

/** The server's clock beside ours, from the `Date` header of the quickest answer: both milliseconds since the epoch. */
export interface ClockSample {
  /** Cut to whole seconds by the server. */
  serverAt: number;
  receivedAt: number;
  latencyMs: number;
}

/** A beacon node, or a reference, as it answered. */
export interface NodeEvidence {
  subject: Subject;
  /** `undefined` where no answer told the time. */
  clock: ClockSample | undefined;
  version: Fact<string>;
  syncing: Fact<SyncingStatus>;
  peers: Fact<number>;
  spec: Fact<ChainSpec>;
  genesis: Fact<Genesis>;
  forkSchedule: Fact<readonly ForkEntry[]>;
  head: Fact<BlockRef>;
  finality: Fact<{ justified: Checkpoint; finalized: Checkpoint }>;
  /** Block root at each agreed past slot; `null` says that the slot has no block on this node's chain. */
  roots: ReadonlyMap<number, Fact<string | null>>;
}

export interface VcEvidence {
  subject: Subject;
  /** The reading is `undefined` where a metrics page came, but none of a known validator client. */
  page: Fact<VcReading | undefined>;
}

export interface HostEvidence {
  subject: Subject;
  /** The reading is `undefined` where a metrics page came, but no host metrics are on it. */
  page: Fact<HostReading | undefined>;
  /** From two scrapes a second apart; `undefined` where the second did not come. */
  cpu: CpuUse | undefined;
}

export interface LogEvidence {
  subject: Subject;
  page: Fact<{ reading: LogReading; writtenAt: number; isWhole: boolean }>;
}

/** Everything that one run learned; the questions are pure functions of it. */
export interface Evidence {
  /** Our wall clock at the end of gathering. */
  now: number;
  nodes: readonly NodeEvidence[];
  references: readonly NodeEvidence[];
  validatorClients: readonly VcEvidence[];
  hosts: readonly HostEvidence[];
  logs: readonly LogEvidence[];
  expectKeys: number | undefined;
}

export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.kind === "known" ? fact.value : undefined;
}

/** Is the head optimistic? Clients before 2022 leave the flag out of `node/syncing` and put it on the head itself. */
export function isHeadOptimistic({ syncing, head }: NodeEvidence): boolean | undefined {
  return valueOf(syncing)?.isOptimistic ?? (head.kind === "known" ? head.isOptimistic : undefined);
}
