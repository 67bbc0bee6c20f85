import { heatCellOf } from "../heat-cells.ts";
import type { DutyStore } from "../ports.ts";
import type { EpochColumns, EpochState } from "../types.ts";

/** The watched validators of one epoch, a byte each. */
export interface EpochCells {
  epoch: number;
  state: EpochState;
  /** Rising validator indices. */
  indices: Uint32Array;
  /** `heatCells`, in the order of `indices`. */
  cells: Uint8Array;
}

export interface CellCache {
  /** Stored epochs of the range, oldest first. */
  range(fromEpoch: number, toEpoch: number): Promise<readonly EpochCells[]>;
  /** Takes in an epoch as it is stored. */
  put(epoch: number, state: EpochState, columns: EpochColumns): void;
}

/** A day of mainnet: 100,000 validators take 22.5 MB. */
const keptEpochs = 240;

/** Decodes columns once: what pages ask for is mostly the same last day. */
export function createCellCache(store: Pick<DutyStore, "columns">): CellCache {
  const kept = new Map<number, EpochCells>();
  let lastIndices: Uint32Array | undefined;

  function put(epoch: number, state: EpochState, columns: EpochColumns): EpochCells {
    const { duty, delay, emptySlots } = columns;
    const cells = new Uint8Array(duty.length);
    for (let at = 0; at < cells.length; at++) cells[at] = heatCellOf(duty[at]!, delay[at]!, emptySlots[at]!);
    // Epochs mostly have the same validators: one array for all of them.
    const indices = lastIndices && isSame(lastIndices, columns.indices) ? lastIndices : columns.indices;
    lastIndices = indices;
    const entry = { epoch, state, indices, cells };
    kept.delete(epoch);
    kept.set(epoch, entry);
    while (kept.size > keptEpochs) kept.delete(Math.min(...kept.keys()));
    return entry;
  }

  return {
    put: (epoch, state, columns) => void put(epoch, state, columns),
    async range(fromEpoch, toEpoch) {
      const found: EpochCells[] = [];
      let missingFrom: number | undefined;
      for (let epoch = fromEpoch; epoch <= toEpoch + 1; epoch++) {
        const known = epoch <= toEpoch ? kept.get(epoch) : undefined;
        if (epoch <= toEpoch && !known) {
          missingFrom ??= epoch;
          continue;
        }
        if (missingFrom !== undefined)
          for await (const read of store.columns(missingFrom, epoch - 1))
            found.push(put(read.epoch, read.state, read.columns));
        missingFrom = undefined;
        if (known) found.push(known);
      }
      return found;
    },
  };
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Place of a validator index in a rising array; -1: it is not there. */
export function placeOf(indices: Uint32Array, validatorIndex: number): number {
  let low = 0;
  let high = indices.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = indices[middle]!;
    if (value === validatorIndex) return middle;
    if (value < validatorIndex) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
