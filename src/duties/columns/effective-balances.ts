import { DamagedBytes, type ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { predictor } from "./predictor.ts";
import { readResiduals, writeResiduals } from "./residuals.ts";

/** As before, or like the others where there is no before. `before[i]`: NaN where it is not known. */
export function writeEffectiveBalances(
  writer: ByteWriter,
  values: Uint16Array,
  before: Float64Array | undefined,
): void {
  const usual = predictor();
  const residuals = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const known = before ? (before[i] ?? 0) : Number.NaN;
    residuals[i] = value - (Number.isNaN(known) ? usual.predict(0, 0) : known);
    if (Number.isNaN(known)) usual.learn(value);
  }
  writeResiduals(writer, residuals);
}

/** Throws `DamagedBytes`. */
export function readEffectiveBalances(
  reader: ByteReader,
  count: number,
  before: Float64Array | undefined,
): Uint16Array {
  const usual = predictor();
  const residuals = readResiduals(reader, count);
  const values = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const known = before ? (before[i] ?? 0) : Number.NaN;
    const value = (residuals[i] ?? 0) + (Number.isNaN(known) ? usual.predict(0, 0) : known);
    if (value < 0 || value > 0xffff) throw new DamagedBytes("an effective balance is impossible");
    if (Number.isNaN(known)) usual.learn(value);
    values[i] = value;
  }
  return values;
}
