import { createHash } from "node:crypto";
import { AppError } from "../../lib/app-error.ts";
import type { EpochColumns } from "../types.ts";
import { readBase, writeBase } from "./balance-base.ts";
import { DamagedBytes } from "./byte-reader.ts";
import { seal, unseal } from "./container.ts";
import { readColumns, writeColumns } from "./epoch-columns.ts";
import { readIndices, writeIndices } from "./index-set.ts";

/** Balances of an earlier epoch: the ones of later epochs are kept as differences to them. */
export type BalanceBase = Pick<EpochColumns, "indices" | "effectiveBalance" | "balance">;

/**
 * Columns as few bytes and back, exactly. Reading throws `AppError` `duty-columns-damaged`, which names the epoch; writing
 * throws `duty-columns-invalid` for columns of unequal length, indices that do not rise, and balances that are not whole gwei.
 */
export interface ColumnCodec {
  /** Of a set of indices: the same for the same ones. */
  hashOf(indices: Uint32Array): string;
  packIndices(indices: Uint32Array): Uint8Array;
  unpackIndices(bytes: Uint8Array, epoch: number): Uint32Array;
  packBase(columns: EpochColumns): Uint8Array;
  unpackBase(bytes: Uint8Array, epoch: number, indices: Uint32Array): BalanceBase;
  /** Without the indices; `base` has to be the same when they are unpacked. */
  pack(columns: EpochColumns, base: BalanceBase | undefined): Uint8Array;
  unpack(bytes: Uint8Array, epoch: number, indices: Uint32Array, base: BalanceBase | undefined): EpochColumns;
}

export const columnCodec: ColumnCodec = {
  hashOf: (indices) =>
    createHash("sha256")
      .update(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength))
      .digest("hex"),
  packIndices: (indices) => seal(writeIndices(indices)),
  unpackIndices: (bytes, epoch) => reading(epoch, () => readIndices(unseal(bytes))),
  packBase: (columns) => seal(writeBase(columns)),
  unpackBase: (bytes, epoch, indices) => reading(epoch, () => readBase(unseal(bytes), indices)),
  pack: (columns, base) => seal(writeColumns(columns, base)),
  unpack: (bytes, epoch, indices, base) => reading(epoch, () => readColumns(unseal(bytes), indices, base)),
};

function reading<T>(epoch: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    throw new AppError(
      `read the duty columns of epoch ${epoch} from the store: the stored bytes are damaged (${error.message}). Check the disk; restore a backup, or leave this epoch out.`,
      { code: "duty-columns-damaged", cause: error },
    );
  }
}
