import type { CallResult } from "../../beacon/call-result.ts";
import type { DutySpec } from "../judge/duty-spec.ts";
import type { DutySource } from "../ports.ts";
import type { EpochCommittees } from "../types.ts";
import type { BlockChain } from "./block-chain.ts";

/** Who had which duty, read once per epoch and branch. */
export interface EpochFacts {
  committees(epoch: number, signal: AbortSignal): Promise<CallResult<EpochCommittees>>;
  /** Whose turn each slot is; `undefined` where no node tells it any more. */
  proposers(epoch: number, signal: AbortSignal): Promise<readonly number[] | undefined>;
  /** Validator index of each seat; `undefined` before Altair or where no node tells it any more. */
  syncCommittee(epoch: number, signal: AbortSignal): Promise<Uint32Array | undefined>;
}

/** Committees of this many epochs are kept: those of running ones, and one to spare for a reorg. */
const keptEpochs = 4;

/**
 * Committees belong to a branch: the shuffling of epoch N is decided by the last block before N - 1, and so the cache is
 * by that root (beacon-APIs: `dependent_root`).
 */
export function createEpochFacts(parts: {
  source: DutySource;
  spec: DutySpec;
  chain: BlockChain;
  /** Head of the nodes where `chain` is only walked up to an older block. */
  newestSlot?: number;
}): EpochFacts {
  const { source, spec, chain } = parts;
  const committees = new Map<string, EpochCommittees>();
  const proposers = new Map<string, readonly number[]>();
  const syncCommittees = new Map<string, Uint32Array>();
  const startOf = (epoch: number) => epoch * spec.slotsPerEpoch;
  const decidedBy = (slot: number) => chain.rootAt(Math.max(0, slot)) ?? "unknown";

  /** A state from which a node can tell duties of the epoch: the head's while it is near, which costs the node nothing. */
  function stateFor(epoch: number): string {
    const head = chain.head;
    if (!head || startOf(epoch + 2) > Math.max(head.slot, parts.newestSlot ?? 0)) return "head";
    // Many nodes tell committees of a state's own epoch and its neighbours only.
    return String(Math.max(chain.blockAt(startOf(epoch + 1) - 1)?.slot ?? 0, startOf(epoch)));
  }

  return {
    async committees(epoch, signal) {
      const key = `${epoch}/${decidedBy(startOf(epoch - 1) - 1)}`;
      const known = committees.get(key);
      if (known) return { ok: true, value: known, status: 200, latencyMs: 0 };
      const read = await source.committees(epoch, stateFor(epoch), signal);
      if (read.ok) keep(committees, key, read.value, keptEpochs);
      return read;
    },
    async proposers(epoch, signal) {
      const key = `${epoch}/${decidedBy(startOf(epoch) - 1)}`;
      const known = proposers.get(key);
      if (known) return known;
      const read = await source.proposers(epoch, signal);
      if (!read.ok) return undefined;
      keep(proposers, key, read.value.indices, keptEpochs);
      return read.value.indices;
    },
    async syncCommittee(epoch, signal) {
      if (!spec.forks.some((fork) => fork.name === "altair" && fork.epoch <= epoch)) return undefined;
      const period = Math.floor(epoch / spec.epochsPerSyncCommitteePeriod);
      const key = `${period}/${decidedBy(startOf((period - 1) * spec.epochsPerSyncCommitteePeriod) - 1)}`;
      const known = syncCommittees.get(key);
      if (known) return known;
      const read = await source.syncCommittee(epoch, stateFor(epoch), signal);
      if (!read.ok) return undefined;
      keep(syncCommittees, key, read.value, 3);
      return read.value;
    },
  };
}

function keep<T>(cache: Map<string, T>, key: string, value: T, limit: number): void {
  cache.set(key, value);
  while (cache.size > limit) cache.delete(cache.keys().next().value ?? key);
}
