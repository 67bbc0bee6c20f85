import { AppError } from "../../lib/app-error.ts";
import { byteReader, DamagedBytes } from "./byte-reader.ts";
import { byteWriter } from "./byte-writer.ts";

/** Rising indices as the gaps between them. Throws `AppError` `duty-columns-invalid` where they do not rise. */
export function writeIndices(indices: Uint32Array): Uint8Array {
  const writer = byteWriter(indices.length * 2 + 8);
  writer.unsigned(indices.length);
  let last = -1;
  for (const index of indices) {
    if (index <= last)
      throw new AppError(
        `store a set of validators: index ${index} comes after ${last}. This is a defect: report it.`,
        {
          code: "duty-columns-invalid",
        },
      );
    writer.unsigned(index - last - 1);
    last = index;
  }
  return writer.finish();
}

/** Throws `DamagedBytes`. */
export function readIndices(raw: Uint8Array): Uint32Array {
  const reader = byteReader(raw);
  const count = reader.unsigned();
  if (count > reader.left) throw new DamagedBytes("a set names more validators than it holds");
  const indices = new Uint32Array(count);
  let last = -1;
  for (let i = 0; i < count; i++) {
    last += reader.unsigned() + 1;
    if (last > 0xffff_ffff) throw new DamagedBytes("a validator index is too large");
    indices[i] = last;
  }
  if (reader.left > 0) throw new DamagedBytes("something follows after their end");
  return indices;
}
