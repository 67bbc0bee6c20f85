import { DamagedBytes, type ByteReader } from "./byte-reader.ts";
import { fromZigzag, toZigzag, type ByteWriter } from "./byte-writer.ts";

/** How a column of differences is written; whichever is shorter for its values. */
const forms = { zero: 0, sparse: 1, dictionary: 2, planes: 3 } as const;

/** Code of a value that is not in the dictionary. */
const escape = 255;

/**
 * Writes differences between a column and what was predicted for it: integers, mostly 0. Few others: their places and values.
 * Many others with few distinct values: one byte each. Else: plane by plane, so that the high bytes compress away.
 */
export function writeResiduals(writer: ByteWriter, residuals: Float64Array): void {
  const count = residuals.length;
  let others = 0;
  for (let i = 0; i < count; i++) if (residuals[i] !== 0) others++;
  if (others === 0) writer.byte(forms.zero);
  else if (others * 8 < count) writeSparse(writer, residuals, others);
  else {
    const dictionary = mostFrequent(residuals);
    if (dictionary.covered * 3 >= count) writeDictionary(writer, residuals, dictionary.values);
    else writePlanes(writer, residuals);
  }
}

/** Reads `count` differences. Throws `DamagedBytes`. */
export function readResiduals(reader: ByteReader, count: number): Float64Array {
  const form = reader.byte();
  switch (form) {
    case forms.zero:
      return new Float64Array(count);
    case forms.sparse:
      return readSparse(reader, count);
    case forms.dictionary:
      return readDictionary(reader, count);
    case forms.planes:
      return readPlanes(reader, count);
    default:
      throw new DamagedBytes(`a column has the unknown form ${form}`);
  }
}

function writeSparse(writer: ByteWriter, residuals: Float64Array, others: number): void {
  writer.byte(forms.sparse);
  writer.unsigned(others);
  let last = -1;
  for (let i = 0; i < residuals.length; i++)
    if (residuals[i] !== 0) {
      writer.unsigned(i - last - 1);
      last = i;
    }
  for (let i = 0; i < residuals.length; i++) {
    const value = residuals[i] ?? 0;
    if (value !== 0) writer.signed(value);
  }
}

function readSparse(reader: ByteReader, count: number): Float64Array {
  const others = reader.unsigned();
  if (others > count) throw new DamagedBytes("a column names more values than validators");
  const places = new Uint32Array(others);
  let last = -1;
  for (let i = 0; i < others; i++) {
    last += reader.unsigned() + 1;
    if (last >= count) throw new DamagedBytes("a column names a place beyond its end");
    places[i] = last;
  }
  const residuals = new Float64Array(count);
  for (let i = 0; i < others; i++) residuals[places[i] ?? 0] = reader.signed();
  return residuals;
}

function mostFrequent(residuals: Float64Array): { values: readonly number[]; covered: number } {
  const counts = new Map<number, number>();
  for (let i = 0; i < residuals.length; i++) {
    const value = residuals[i] ?? 0;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const ordered = [...counts].filter(([, times]) => times > 1).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const kept = ordered.slice(0, escape);
  return { values: kept.map(([value]) => value), covered: kept.reduce((sum, [, times]) => sum + times, 0) };
}

function writeDictionary(writer: ByteWriter, residuals: Float64Array, values: readonly number[]): void {
  writer.byte(forms.dictionary);
  writer.byte(values.length);
  for (const value of values) writer.signed(value);
  const codes = new Map(values.map((value, code) => [value, code]));
  const coded = new Uint8Array(residuals.length);
  const rest = new Float64Array(residuals.length);
  let escaped = 0;
  for (let i = 0; i < coded.length; i++) {
    const value = residuals[i] ?? 0;
    const code = codes.get(value);
    coded[i] = code ?? escape;
    if (code === undefined) rest[escaped++] = value;
  }
  writer.bytes(coded);
  if (escaped > 0) writePlanes(writer, rest.subarray(0, escaped));
}

function readDictionary(reader: ByteReader, count: number): Float64Array {
  const values = Array.from({ length: reader.byte() }, () => reader.signed());
  const coded = reader.bytes(count);
  let escaped = 0;
  for (const code of coded) if (code === escape) escaped++;
  if (escaped > 0 && reader.byte() !== forms.planes) throw new DamagedBytes("a column's rare values are missing");
  const rest = readPlanes(reader, escaped);
  const residuals = new Float64Array(count);
  let next = 0;
  for (let i = 0; i < count; i++) {
    const code = coded[i] ?? escape;
    const value = code === escape ? rest[next++] : values[code];
    if (value === undefined) throw new DamagedBytes("a column names a value that its dictionary lacks");
    residuals[i] = value;
  }
  return residuals;
}

function writePlanes(writer: ByteWriter, residuals: Float64Array): void {
  writer.byte(forms.planes);
  const rest = new Float64Array(residuals.length);
  let largest = 0;
  for (let i = 0; i < rest.length; i++) {
    const value = toZigzag(residuals[i] ?? 0);
    rest[i] = value;
    if (value > largest) largest = value;
  }
  let planes = 0;
  for (let left = largest; left > 0; left = Math.floor(left / 256)) planes++;
  writer.byte(planes);
  const plane = new Uint8Array(rest.length);
  for (let p = 0; p < planes; p++) {
    for (let i = 0; i < rest.length; i++) {
      const value = rest[i] ?? 0;
      plane[i] = value % 256;
      rest[i] = Math.floor(value / 256);
    }
    writer.bytes(plane);
  }
}

function readPlanes(reader: ByteReader, count: number): Float64Array {
  const residuals = new Float64Array(count);
  if (count === 0) return residuals;
  const planes = reader.byte();
  if (planes > 7) throw new DamagedBytes("a column's values are too large");
  for (let p = 0, scale = 1; p < planes; p++, scale *= 256) {
    const plane = reader.bytes(count);
    for (let i = 0; i < count; i++) residuals[i] = (residuals[i] ?? 0) + (plane[i] ?? 0) * scale;
  }
  for (let i = 0; i < count; i++) residuals[i] = fromZigzag(residuals[i] ?? 0);
  return residuals;
}
