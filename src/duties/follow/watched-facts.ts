import type { CallFailure, CallResult } from "../../beacon/call-result.ts";
import type { DutySource } from "../ports.ts";
import type { ValidatorRecord } from "../types.ts";

/** What the chain says of the watched validators, kept between epochs so that an epoch asks for little. */
export interface WatchedFacts {
  /** The record that was read last; its status may be newer than its balances. */
  record(index: number): ValidatorRecord | undefined;
  /** Looks up keys whose index is not known yet. */
  resolveKeys(pubkeys: readonly string[], signal: AbortSignal): Promise<CallResult<readonly ValidatorRecord[]>>;
  /**
   * Brings records and balances up to date with a state. Only records that may have changed are read again: those who are
   * not simply active, those whose balance crossed the bounds of its effective balance, and one part of the rest in turn.
   */
  refresh(indices: Uint32Array, epoch: number, stateId: string, signal: AbortSignal): Promise<CallResult<WatchedState>>;
  statuses(): Readonly<Record<string, number>>;
}

export interface WatchedState {
  /** Effective balance in increments; 0 where unknown. */
  effectiveBalance: Uint16Array;
  /** In gwei; NaN where unknown. */
  balance: Float64Array;
  slashed: Uint8Array;
}

/** Everybody is read again at least once in this many epochs, whatever else is known. */
const rotation = 16;
const steadyStatus = "active_ongoing";
/** Keys asked for in one epoch: those that the chain does not know yet are asked for again and again. */
const keysAtOnce = 20_000;

export function createWatchedFacts(source: DutySource, increment: number): WatchedFacts {
  const records = new Map<number, ValidatorRecord>();
  const suspects = new Set<number>();
  let counts: Record<string, number> = {};

  function learn(found: readonly ValidatorRecord[]): void {
    for (const record of found) records.set(record.index, record);
  }

  async function readRecords(
    stateId: string,
    indices: readonly number[],
    signal: AbortSignal,
  ): Promise<CallFailure | undefined> {
    if (indices.length === 0) return undefined;
    const read = await source.validators(stateId, indices.map(String), {}, signal);
    if (!read.ok) return read.failure;
    learn(read.value);
    return undefined;
  }

  return {
    record: (index) => records.get(index),
    async resolveKeys(pubkeys, signal) {
      const read = await source.validators("head", pubkeys.slice(0, keysAtOnce), {}, signal);
      if (read.ok) learn(read.value);
      return read;
    },
    async refresh(indices, epoch, stateId, signal) {
      const ids = Array.from(indices);
      const due = ids.filter(
        (index) => !records.has(index) || suspects.has(index) || index % rotation === epoch % rotation,
      );
      const failed = await readRecords(stateId, due, signal);
      if (failed) return { ok: false, failure: failed, latencyMs: 0 };
      suspects.clear();

      const unsteady = await source.validators(stateId, ids.map(String), { withoutStatus: steadyStatus }, signal);
      if (!unsteady.ok) return unsteady;
      learn(unsteady.value);
      const told = new Set(unsteady.value.map(({ index }) => index));
      const settled = ids.filter((index) => {
        const status = records.get(index)?.status;
        return status !== undefined && status !== steadyStatus && !told.has(index);
      });
      const missed = await readRecords(stateId, settled, signal);
      if (missed) return { ok: false, failure: missed, latencyMs: 0 };

      const read = await source.balances(stateId, indices, signal);
      const balance = read.ok ? read.value : new Float64Array(indices.length).fill(Number.NaN);
      const effectiveBalance = new Uint16Array(indices.length);
      const slashed = new Uint8Array(indices.length);
      counts = {};
      const kept = new Set(ids);
      for (const [place, index] of ids.entries()) {
        const record = records.get(index);
        const status = record?.status ?? "unknown";
        counts[status] = (counts[status] ?? 0) + 1;
        if (!record) continue;
        effectiveBalance[place] = Math.round(record.effectiveBalance / increment);
        if (record.slashed) slashed[place] = 1;
        if (mayHaveMoved(record, balance[place] ?? Number.NaN, increment)) suspects.add(index);
      }
      for (const index of records.keys()) if (!kept.has(index)) records.delete(index);
      return { ok: true, value: { effectiveBalance, balance, slashed }, status: 200, latencyMs: 0 };
    },
    statuses: () => counts,
  };
}

/** Whether the effective balance may change at the next epoch (`process_effective_balance_updates`): a quarter down, one and a quarter up. */
function mayHaveMoved(record: ValidatorRecord, balance: number, increment: number): boolean {
  if (Number.isNaN(balance)) return false;
  const step = increment / 4;
  if (balance + step < record.effectiveBalance) return true;
  const limit = (record.credentialType === 2 ? 2048 : 32) * increment;
  return record.effectiveBalance < limit && balance > record.effectiveBalance + 5 * step;
}
