import type { DutiesNow, FleetPage } from "../../api/contract-duties.ts";
import type { HistoryFrame } from "../../alerts/backtest.ts";
import type { Fact } from "../../alerts/fact.ts";
import type { Labels } from "../../alerts/labels.ts";
import type { ChainSpec } from "../../chain/types.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import type { GatewayListener } from "../../control/read-rings.ts";
import type { EpochResult } from "../../duties/types.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { Store } from "../../store/store.ts";
import type { SlotkeeperConfig } from "../config.ts";
import type { WatchedFleet } from "../duties/watched-set.ts";
import type { SubjectConfig } from "./removed-subjects.ts";
import type { WiredSignals } from "../signals/wire-signals.ts";

/** What of the watch over duties facts are made from; `WiredDuties` is one. */
export interface DutyFactSource {
  state(): DutiesNow;
  watched(): WatchedFleet;
  chain(): ChainSpec | undefined;
  onStored(listener: (result: EpochResult) => void): void;
  hear(listener: GatewayListener): void;
  ports: { fleet(): Pick<FleetPage, "keys"> };
}

export type FactStore = {
  duties: Pick<
    Store["duties"],
    "lastEpoch" | "result" | "cohorts" | "epochs" | "exceptions" | "proposals" | "slashings"
  >;
  history: Pick<Store["history"], "samples">;
  journal: Pick<Store["journal"], "lostSpans">;
  settings: Store["settings"];
};

export interface FactParts {
  config(): SubjectConfig & Pick<SlotkeeperConfig, "relays">;
  observed(): readonly ObservedGateway[];
  duties: DutyFactSource;
  signals: Pick<WiredSignals, "hosts" | "logs" | "events">;
  store: FactStore;
  undelivered(): readonly { channel: string; count: number }[];
  /** Validators whose slashing a person has closed. */
  closedSlashings(): ReadonlySet<number>;
  /** When the store began to refuse writes; `undefined`: it takes them. Left out: nobody tells, and there is no fact. */
  storeFailingSince?: () => number | undefined;
  clock: Clock;
  log: Logger;
}

export interface FactSupply {
  /** Everything that is known now. Cheap enough for once a second. */
  facts(now: number): readonly Fact[];
  /** What is no longer watched since the supply was started or last reconfigured. */
  removed(now: number): readonly Labels[];
  /**
   * Facts as they became known from `fromAt` to `toAt`, for trying rules, as far as the store still has what they come
   * from; and those facts of the catalogue that nobody keeps.
   */
  history(fromAt: number, toAt: number): Promise<{ frames: HistoryFrame[]; factsWithout: string[] }>;
  /** Called when a judged epoch has changed the facts. */
  onChange(listener: () => void): () => void;
  reconfigure(next: SubjectConfig): void;
  stop(): void;
}

/** Epochs and slots of the chain, as `DutiesNow` tells them. */
export interface EpochTiming {
  slotsPerEpoch: number;
  slotDurationMs: number;
  genesisTimeMs: number;
}

export function epochMsOf({
  slotsPerEpoch,
  slotDurationMs,
}: Pick<EpochTiming, "slotsPerEpoch" | "slotDurationMs">): number {
  return slotsPerEpoch * slotDurationMs;
}

/** When an epoch's duties can be judged, ms since 1970: its votes may be included until the next epoch ends. */
export function judgeableAt(timing: EpochTiming, epoch: number): number {
  return timing.genesisTimeMs + (epoch + 2) * epochMsOf(timing);
}

/** How many epochs an hour has, rounded up. */
export function epochsPerHour(timing: EpochTiming): number {
  return Math.ceil(3_600_000 / epochMsOf(timing));
}
