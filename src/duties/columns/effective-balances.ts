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
  writeResiduals(
    writer,
    Float64Array.from(values, (value, i) => {
      const known = before?.[i] ?? Number.NaN;
      if (!Number.isNaN(known)) return value - known;
      const residual = value - usual.predict(0, 0);
      usual.learn(0, value);
      return residual;
    }),
  );
}

/** Throws `DamagedBytes`. */
export function readEffectiveBalances(
  reader: ByteReader,
  count: number,
  before: Float64Array | undefined,
): Uint16Array {
  const usual = predictor();
  return Uint16Array.from(readResiduals(reader, count), (residual, i) => {
    const known = before?.[i] ?? Number.NaN;
    const value = residual + (Number.isNaN(known) ? usual.predict(0, 0) : known);
    if (value < 0 || value > 0xffff) throw new DamagedBytes("an effective balance is impossible");
    if (Number.isNaN(known)) usual.learn(0, value);
    return value;
  });
}
