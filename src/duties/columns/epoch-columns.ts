import { crc32 } from "node:zlib";
import { AppError } from "../../lib/app-error.ts";
import type { EpochColumns } from "../types.ts";
import { balanceColumn, readBalances, writeBalances } from "./balances.ts";
import { byteReader, DamagedBytes, type ByteReader } from "./byte-reader.ts";
import { byteWriter, type ByteWriter } from "./byte-writer.ts";
import type { BalanceBase } from "./column-codec.ts";
import { readEffectiveBalances, writeEffectiveBalances } from "./effective-balances.ts";
import { predictor, scaledPredictor } from "./predictor.ts";
import { readResiduals, writeResiduals } from "./residuals.ts";

/**
 * The columns of one epoch, each as differences to what the ones before it say: the delay by the flags, the ideal reward by the
 * effective balance, the earned one by flags and effective balance, the balance by the base. A checksum over the columns themselves comes first.
 */
export function writeColumns(columns: EpochColumns, base: BalanceBase | undefined): Uint8Array {
  const sane = checked(columns);
  const writer = byteWriter(sane.duty.length * 2 + 256);
  const before = base && beforeOf(base, sane.indices);
  writer.unsigned(sane.duty.length);
  writer.unsigned(checksum(sane));
  writeEffectiveBalances(writer, sane.effectiveBalance, before?.effectiveBalance);
  writeBalances(writer, sane.balance, sane.effectiveBalance, before?.balance);
  writeByKey(writer, sane.duty, () => 0);
  writeByKey(writer, sane.delay, (i) => sane.duty[i] ?? 0);
  writeByKey(writer, sane.emptySlots, (i) => (sane.duty[i] ?? 0) * 256 + (sane.delay[i] ?? 0));
  writeScaled(
    writer,
    sane.ideal,
    () => 0,
    () => 0,
    sane.effectiveBalance,
  );
  writeScaled(
    writer,
    sane.earned,
    (i) => sane.duty[i] ?? 0,
    (i) => sane.ideal[i] ?? 0,
    sane.effectiveBalance,
  );
  return writer.finish();
}

/** Throws `DamagedBytes`, also for another set or base than it was written with. */
export function readColumns(raw: Uint8Array, indices: Uint32Array, base: BalanceBase | undefined): EpochColumns {
  const reader = byteReader(raw);
  const count = indices.length;
  if (reader.unsigned() !== count) throw new DamagedBytes("they belong to another set of validators");
  const expectedChecksum = reader.unsigned();
  const before = base && beforeOf(base, indices);
  const effectiveBalance = readEffectiveBalances(reader, count, before?.effectiveBalance);
  const balance = readBalances(reader, effectiveBalance, before?.balance);
  const duty = readByKey(reader, count, () => 0);
  const delay = readByKey(reader, count, (i) => duty[i] ?? 0);
  const emptySlots = readByKey(reader, count, (i) => (duty[i] ?? 0) * 256 + (delay[i] ?? 0));
  const ideal = readScaled(
    reader,
    () => 0,
    () => 0,
    effectiveBalance,
  );
  const earned = readScaled(
    reader,
    (i) => duty[i] ?? 0,
    (i) => ideal[i] ?? 0,
    effectiveBalance,
  );
  if (reader.left > 0) throw new DamagedBytes("something follows after their end");
  const columns = { indices, duty, delay, emptySlots, effectiveBalance, balance, earned, ideal };
  if (checksum(columns) !== expectedChecksum) throw new DamagedBytes("what they unpack to is not what was stored");
  return columns;
}

function writeByKey(writer: ByteWriter, values: Uint8Array, keyOf: AtPlace): void {
  const usual = predictor();
  const residuals = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    residuals[i] = value - usual.predict(keyOf(i), 0);
    usual.learn(value);
  }
  writeResiduals(writer, residuals);
}

function readByKey(reader: ByteReader, count: number, keyOf: AtPlace): Uint8Array {
  const usual = predictor();
  const values = new Uint8Array(count);
  const residuals = readResiduals(reader, count);
  for (let i = 0; i < count; i++) {
    const value = (residuals[i] ?? 0) + usual.predict(keyOf(i), 0);
    usual.learn(value);
    values[i] = value;
  }
  return values;
}

type AtPlace = (i: number) => number;

function writeScaled(
  writer: ByteWriter,
  values: Int32Array,
  kindOf: AtPlace,
  initialOf: AtPlace,
  effectiveBalance: Uint16Array,
): void {
  const usual = scaledPredictor();
  const residuals = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    residuals[i] = value - usual.predict(kindOf(i), effectiveBalance[i] ?? 0, initialOf(i));
    usual.learn(value);
  }
  writeResiduals(writer, residuals);
}

function readScaled(
  reader: ByteReader,
  kindOf: AtPlace,
  initialOf: AtPlace,
  effectiveBalance: Uint16Array,
): Int32Array {
  const usual = scaledPredictor();
  const values = new Int32Array(effectiveBalance.length);
  const residuals = readResiduals(reader, values.length);
  for (let i = 0; i < values.length; i++) {
    const value = (residuals[i] ?? 0) + usual.predict(kindOf(i), effectiveBalance[i] ?? 0, initialOf(i));
    usual.learn(value);
    values[i] = value;
  }
  return values;
}

/** The base's columns in the order of `indices`; NaN where the base does not have the validator. Both rise. */
function beforeOf(base: BalanceBase, indices: Uint32Array): { balance: Float64Array; effectiveBalance: Float64Array } {
  const balance = new Float64Array(indices.length).fill(Number.NaN);
  const effectiveBalance = new Float64Array(indices.length).fill(Number.NaN);
  let place = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] ?? 0;
    while ((base.indices[place] ?? Infinity) < index) place++;
    if (base.indices[place] !== index) continue;
    balance[i] = base.balance[place] ?? Number.NaN;
    effectiveBalance[i] = base.effectiveBalance[place] ?? Number.NaN;
  }
  return { balance, effectiveBalance };
}

function checked(columns: EpochColumns): EpochColumns {
  const { indices } = columns;
  for (const [name, column] of Object.entries(columns) as [string, { length: number }][])
    if (column.length !== indices.length)
      throw new AppError(
        `store duty columns: ${name} has ${column.length} entries for ${indices.length} validators. This is a defect: report it.`,
        { code: "duty-columns-invalid" },
      );
  return { ...columns, balance: balanceColumn(columns.balance) };
}

function checksum({
  indices,
  duty,
  delay,
  emptySlots,
  effectiveBalance,
  balance,
  earned,
  ideal,
}: EpochColumns): number {
  return [indices, duty, delay, emptySlots, effectiveBalance, balance, earned, ideal].reduce(
    (sum, { buffer, byteOffset, byteLength }) => crc32(new Uint8Array(buffer, byteOffset, byteLength), sum),
    0,
  );
}
