import { AppError } from "../../lib/app-error.ts";
import { DamagedBytes, type ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { readResiduals, writeResiduals } from "./residuals.ts";

/** 4.5 million ETH in gwei: no validator holds it, and differences of two such amounts are exact. */
const maxBalance = 2 ** 52;

/** What an increment of effective balance is on every network so far. Only a guess to start from: exactness does not rest on it. */
const usualIncrement = 1_000_000_000;

/** The same column with one kind of NaN. Throws `AppError` `duty-columns-invalid` on what is no amount. */
export function balanceColumn(balance: Float64Array): Float64Array {
  const sane = new Float64Array(balance.length);
  for (let i = 0; i < sane.length; i++) {
    const value = balance[i] ?? 0;
    if (Number.isInteger(value) && value >= 0 && value < maxBalance) sane[i] = value + 0;
    else if (Number.isNaN(value)) sane[i] = Number.NaN;
    else
      throw new AppError(
        `store a balance of ${value} gwei: it is no whole amount below 2^52. This is a defect: report it.`,
        { code: "duty-columns-invalid" },
      );
  }
  return sane;
}

/**
 * Since the base most validators gained the same, in proportion to their effective balance; the rest is written. `before[i]`: the
 * balance in the base, NaN where it has none.
 */
export function writeBalances(
  writer: ByteWriter,
  balance: Float64Array,
  effectiveBalance: Uint16Array,
  before: Float64Array | undefined,
): void {
  const { gain, per } = before ? usualGain(balance, effectiveBalance, before) : { gain: 0, per: 0 };
  const unknown = new Float64Array(balance.length);
  const residuals = new Float64Array(balance.length);
  for (let i = 0; i < balance.length; i++) {
    const value = balance[i] ?? 0;
    if (Number.isNaN(value)) unknown[i] = 1;
    else residuals[i] = value - expected(effectiveBalance[i] ?? 0, before ? (before[i] ?? 0) : Number.NaN, gain, per);
  }
  writeResiduals(writer, unknown);
  writer.signed(gain);
  writer.unsigned(per);
  writeResiduals(writer, residuals);
}

/** Throws `DamagedBytes`. */
export function readBalances(
  reader: ByteReader,
  effectiveBalance: Uint16Array,
  before: Float64Array | undefined,
): Float64Array {
  const unknown = readResiduals(reader, effectiveBalance.length);
  const gain = reader.signed();
  const per = reader.unsigned();
  const balance = readResiduals(reader, effectiveBalance.length);
  for (let i = 0; i < balance.length; i++) {
    const value =
      (balance[i] ?? 0) + expected(effectiveBalance[i] ?? 0, before ? (before[i] ?? 0) : Number.NaN, gain, per);
    if (unknown[i] !== 0) balance[i] = Number.NaN;
    else if (value >= 0 && value < maxBalance) balance[i] = value;
    else throw new DamagedBytes("a balance is impossible");
  }
  return balance;
}

function expected(effectiveBalance: number, before: number, gain: number, per: number): number {
  if (Number.isNaN(before)) return effectiveBalance * usualIncrement;
  const gained = per === 0 ? gain : Math.round((gain * effectiveBalance) / per);
  return Math.min(maxBalance, Math.max(0, before + gained));
}

/** The most frequent gain of validators with the most frequent effective balance. */
function usualGain(
  balance: Float64Array,
  effectiveBalance: Uint16Array,
  before: Float64Array,
): { gain: number; per: number } {
  const per = mostFrequent(effectiveBalance) ?? 0;
  const gains = new Float64Array(balance.length);
  let count = 0;
  for (let i = 0; i < balance.length; i++) {
    const gained = (balance[i] ?? 0) - (before[i] ?? 0);
    if (effectiveBalance[i] === per && !Number.isNaN(gained)) gains[count++] = gained;
  }
  return { gain: mostFrequent(gains.subarray(0, count)) ?? 0, per };
}

function mostFrequent(values: Float64Array | Uint16Array): number | undefined {
  const counts = new Map<number, number>();
  let best: number | undefined;
  let most = 0;
  for (const value of values) {
    const times = (counts.get(value) ?? 0) + 1;
    counts.set(value, times);
    if (times <= most) continue;
    most = times;
    best = value;
  }
  return best;
}
