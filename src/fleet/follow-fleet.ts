import type { Cancel, Clock } from "../lib/clock.ts";
import { LearntPairs } from "./chain-pairs.ts";
import { checkInventory, type Declared } from "./check-inventory.ts";
import { followSource, type FollowedSource } from "./follow-source.ts";
import { mergeSources } from "./merge-sources.ts";
import { sameValidators } from "./same-validators.ts";
import type { SourceIo } from "./sources/source-io.ts";
import type { FleetInventory } from "./validator.ts";
import type { ValidatorSource } from "./validator-sources.ts";

/** The parts of the configuration that the inventory is made of. */
export interface FleetConfig extends Declared {
  validators: readonly ValidatorSource[];
}

export interface FollowFleetOptions {
  config: FleetConfig;
  io: SourceIo;
  clock: Clock;
  random: () => number;
  /** Called for what should never happen, such as a listener that throws. Following goes on. */
  onError: (error: unknown) => void;
}

export interface FleetFollower {
  /** The newest inventory; `sources` are as of now even where nothing else changed. */
  inventory(): FleetInventory;
  /** Called after each change, with a revision higher by one. */
  subscribe(listener: (inventory: FleetInventory) => void): Cancel;
  /** Takes what the chain says of keys and indices. Records of strangers are ignored. */
  learn(records: Iterable<{ index: number; pubkey: string }>): void;
  /** Takes a new configuration: unchanged sources go on, new ones are read, gone ones are forgotten. */
  reconfigure(config: FleetConfig): void;
  /** Reads every source once more, now; resolves when all of them answered or failed. */
  refresh(): Promise<void>;
  /** Resolves when every source of the first configuration was tried once: before that the inventory is not whole. */
  readonly firstRead: Promise<void>;
  stop(): void;
}

/** Reads of sources that run at the same time. */
const maxReads = 8;

/** Keeps the inventory of our validators up to date. Revision 0 is the empty one before anything was read. */
export function followFleet(options: FollowFleetOptions): FleetFollower {
  const { clock } = options;
  const pairs = new LearntPairs();
  const listeners = new Set<(inventory: FleetInventory) => void>();
  const followed = new Map<string, FollowedSource>();
  const limit = readLimit(maxReads);
  let { config } = options;
  let inventory: FleetInventory = { revision: 0, validators: [], conflicts: [], sources: [], findings: [] };
  let isStopped = false;
  let isMergePlanned = false;

  const states = () => config.validators.flatMap(({ name }) => followed.get(name)?.state() ?? []);
  const current = (): FleetInventory => ({ ...inventory, sources: states() });

  /** Sources that change together are merged together. */
  function planMerge(): void {
    if (isMergePlanned || isStopped) return;
    isMergePlanned = true;
    clock.soon(() => {
      isMergePlanned = false;
      if (!isStopped) merge();
    });
  }

  function merge(): void {
    const sources = config.validators.flatMap(({ name }) => followed.get(name) ?? []);
    const merged = mergeSources(
      sources.map((entry) => entry.listing()),
      pairs,
      config.hosts,
    );
    const { validators, conflicts } = merged;
    const findings = checkInventory(
      validators,
      config,
      sources.map((entry) => entry.summary()),
      merged,
    );
    forgetStrangers(validators);
    const isSame =
      sameValidators(inventory.validators, validators) &&
      JSON.stringify([inventory.conflicts, inventory.findings]) === JSON.stringify([conflicts, findings]);
    if (isSame) return;
    inventory = { revision: inventory.revision + 1, validators, conflicts, sources: states(), findings };
    for (const listener of listeners)
      try {
        listener(inventory);
      } catch (error) {
        options.onError(error);
      }
  }

  function forgetStrangers(validators: FleetInventory["validators"]): void {
    const keys = new Set(validators.map(({ pubkey }) => pubkey));
    const indices = new Set(validators.map(({ index }) => index));
    pairs.keepOnly((pubkey, index) => keys.has(pubkey) || indices.has(index));
  }

  function place(): Promise<void>[] {
    const wanted = new Map(config.validators.map((source) => [source.name, source]));
    for (const [name, entry] of followed)
      if (!wanted.has(name)) {
        entry.stop();
        followed.delete(name);
      }
    return config.validators.map((source) => {
      const before = followed.get(source.name);
      if (before?.isFor(source)) return Promise.resolve();
      before?.stop();
      // What the source listed before stays until it was read anew, if it is still a source of the same kind.
      const keep = before && before.state().kind === source.kind ? before : undefined;
      const entry = followSource({ ...options, source, onChange: planMerge, limit, keep });
      followed.set(source.name, entry);
      return entry.firstRead;
    });
  }

  const firstRead = Promise.all(place()).then(() => {
    // Whoever waits for the first reading sees it merged.
    if (!isStopped) merge();
  });

  return {
    inventory: current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    learn(records) {
      const wantedKeys = new Set<string>();
      const wantedIndices = new Set<number>();
      for (const { pubkey, index } of inventory.validators) {
        if (pubkey !== undefined) wantedKeys.add(pubkey);
        if (index !== undefined) wantedIndices.add(index);
      }
      let isNew = false;
      for (const { pubkey, index } of records) {
        const key = pubkey.toLowerCase();
        if (wantedKeys.has(key) || wantedIndices.has(index)) isNew = pairs.add(key, index) || isNew;
      }
      if (isNew) planMerge();
    },
    reconfigure(next) {
      if (isStopped) return;
      config = next;
      void Promise.all(place());
      planMerge();
    },
    async refresh() {
      await Promise.all([...followed.values()].map((entry) => entry.readNow()));
      if (!isStopped) merge();
    },
    firstRead,
    stop() {
      isStopped = true;
      for (const entry of followed.values()) entry.stop();
      listeners.clear();
    },
  };
}

/** Lets a bounded number of tasks run at a time; the others wait in order. There are never more waiting than sources. */
export type ReadLimit = <T>(task: () => Promise<T>) => Promise<T>;

function readLimit(most: number): ReadLimit {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
