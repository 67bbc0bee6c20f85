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
  return balance.map((value) => {
    if (Number.isNaN(value)) return Number.NaN;
    if (Number.isInteger(value) && value >= 0 && value < maxBalance) return value + 0;
    throw new AppError(
      `store a balance of ${value} gwei: it is no whole amount below 2^52. This is a defect: report it.`,
      {
        code: "duty-columns-invalid",
      },
    );
  });
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
  const unknown = Float64Array.from(balance, (value) => (Number.isNaN(value) ? 1 : 0));
  writeResiduals(writer, unknown);
  const { gain, per } = before ? usualGain(balance, effectiveBalance, before) : { gain: 0, per: 0 };
  writer.signed(gain);
  writer.unsigned(per);
  writeResiduals(
    writer,
    balance.map((value, i) =>
      Number.isNaN(value) ? 0 : value - expected(effectiveBalance[i] ?? 0, before?.[i] ?? Number.NaN, gain, per),
    ),
  );
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
  return readResiduals(reader, effectiveBalance.length).map((residual, i) => {
    if (unknown[i] !== 0) return Number.NaN;
    const value = residual + expected(effectiveBalance[i] ?? 0, before?.[i] ?? Number.NaN, gain, per);
    if (value < 0 || value >= maxBalance) throw new DamagedBytes("a balance is impossible");
    return value;
  });
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
  const per = mostFrequent(effectiveBalance.values()) ?? 0;
  function* gains(): Generator<number> {
    for (let i = 0; i < balance.length; i++) {
      const gained = (balance[i] ?? Number.NaN) - (before[i] ?? Number.NaN);
      if (effectiveBalance[i] === per && !Number.isNaN(gained)) yield gained;
    }
  }
  return { gain: mostFrequent(gains()) ?? 0, per };
}

function mostFrequent(values: Iterable<number>): number | undefined {
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
