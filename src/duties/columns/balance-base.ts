import type { EpochColumns } from "../types.ts";
import { byteReader, DamagedBytes } from "./byte-reader.ts";
import { byteWriter } from "./byte-writer.ts";
import { balanceColumn, readBalances, writeBalances } from "./balances.ts";
import { readEffectiveBalances, writeEffectiveBalances } from "./effective-balances.ts";
import type { BalanceBase } from "./column-codec.ts";

export function writeBase({ effectiveBalance, balance }: EpochColumns): Uint8Array {
  const writer = byteWriter(balance.length * 4 + 64);
  writer.unsigned(balance.length);
  writeEffectiveBalances(writer, effectiveBalance, undefined);
  writeBalances(writer, balanceColumn(balance), effectiveBalance, undefined);
  return writer.finish();
}

/** Throws `DamagedBytes`. */
export function readBase(raw: Uint8Array, indices: Uint32Array): BalanceBase {
  const reader = byteReader(raw);
  if (reader.unsigned() !== indices.length) throw new DamagedBytes("they belong to another set of validators");
  const effectiveBalance = readEffectiveBalances(reader, indices.length, undefined);
  const balance = readBalances(reader, effectiveBalance, undefined);
  if (reader.left > 0) throw new DamagedBytes("something follows after their end");
  return { indices, effectiveBalance, balance };
}
