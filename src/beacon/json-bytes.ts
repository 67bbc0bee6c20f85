import { AppError } from "../lib/app-error.ts";
import type { DecodeResult } from "./route.ts";

/** A place in the bytes of a JSON text. Big answers are read from their bytes: no objects, hardly any strings. */
export interface JsonCursor {
  readonly bytes: Buffer;
  at: number;
}

const quote = 34;
const comma = 44;
const minus = 45;
const zero = 48;
const nine = 57;
const colon = 58;
const backslash = 92;

/** Reads an answer of the Beacon API: `{data, execution_optimistic?, finalized?}`. Throws AppError where it is not one. */
export function readAnswer<T>(bytes: Buffer, readData: (cursor: JsonCursor) => T): DecodeResult<T> {
  const cursor: JsonCursor = { bytes, at: 0 };
  let data: { value: T } | undefined;
  const flags: { executionOptimistic?: boolean; finalized?: boolean } = {};
  readFields(cursor, answerFields, (field) => {
    if (field === 0) {
      if (data !== undefined) throw malformed(cursor, "only one field data");
      data = { value: readData(cursor) };
    } else {
      const flag = readFlag(cursor);
      if (flag !== undefined) flags[field === 1 ? "executionOptimistic" : "finalized"] = flag;
    }
  });
  if (skipSpace(cursor) !== undefined) throw malformed(cursor, "the end");
  if (data === undefined) return { ok: false, problem: "the answer has no field data" };
  return { ok: true, value: data.value, ...flags };
}

/** Names of fields as bytes, for `readFields`. */
export function fieldNames(...names: readonly string[]): readonly Buffer[] {
  return names.map((name) => Buffer.from(name, "latin1"));
}

const answerFields = fieldNames("data", "execution_optimistic", "finalized");

/** Reads an object. `visit` gets the place of each known field in `names` and must read its value; others are skipped. */
export function readFields(cursor: JsonCursor, names: readonly Buffer[], visit: (field: number) => void): void {
  open(cursor, 123, "an object");
  if (skipSpace(cursor) === 125) return void cursor.at++;
  // Records of a list name their fields in the same order: the next name is tried first.
  for (let guess = 0; ; guess++) {
    const field = readName(cursor, names, guess);
    if (skipSpace(cursor) !== colon) throw malformed(cursor, "a colon");
    cursor.at++;
    if (field < 0) skipValue(cursor);
    else {
      guess = field;
      visit(field);
    }
    if (isEnd(cursor, 125)) return;
  }
}

/** Reads an array; `visit` must read one item. */
export function readItems(cursor: JsonCursor, visit: () => void): void {
  open(cursor, 91, "an array");
  if (skipSpace(cursor) === 93) return void cursor.at++;
  do visit();
  while (!isEnd(cursor, 93));
}

/** Reads an array of unsigned integers below 2^32 into `target` from `from` on; returns where it ends. */
export function readUint32List(cursor: JsonCursor, target: Uint32Array, from: number): number {
  open(cursor, 91, "an array");
  if (skipSpace(cursor) === 93) return (cursor.at++, from);
  const { bytes } = cursor;
  let to = from;
  do {
    skipSpace(cursor);
    let at = cursor.at;
    const isText = bytes[at] === quote;
    if (isText) at++;
    const first = at;
    let value = 0;
    for (let digit = bytes[at]!; digit >= zero && digit <= nine; digit = bytes[++at]!)
      value = value * 10 + digit - zero;
    cursor.at = at;
    if (at === first || value > 0xffff_ffff) throw malformed(cursor, "an unsigned integer below 2^32");
    if (isText && bytes[cursor.at++] !== quote) throw malformed(cursor, "the end of a number");
    if (to >= target.length) throw malformed(cursor, "fewer numbers");
    target[to++] = value;
  } while (!isEnd(cursor, 93));
  return to;
}

/**
 * Reads an unsigned integer, as a string or a number. Above 2^53 it is refused, unless `isBounded` is false: then it is
 * rounded as doubles are (epochs are 2^64-1 where there is none).
 */
export function readUint(cursor: JsonCursor, isBounded = true): number {
  const value = readInt(cursor, isBounded);
  if (value < 0) throw malformed(cursor, "an unsigned integer");
  return value;
}

/** Reads an integer, as a string or a number. */
export function readInt(cursor: JsonCursor, isBounded = true): number {
  skipSpace(cursor);
  const { bytes } = cursor;
  let { at } = cursor;
  const isText = bytes[at] === quote;
  if (isText) at++;
  const isNegative = bytes[at] === minus;
  if (isNegative) at++;
  const first = at;
  let value = 0;
  for (let digit = bytes[at]!; digit >= zero && digit <= nine; digit = bytes[++at]!) value = value * 10 + digit - zero;
  cursor.at = at;
  if (at === first || at - first > 20) throw malformed(cursor, "an integer");
  if (isBounded && value > Number.MAX_SAFE_INTEGER) throw malformed(cursor, "an integer below 2^53");
  if (isText) {
    if (bytes[at] !== quote) throw malformed(cursor, "the end of a number");
    cursor.at++;
  } else if (bytes[at] === 46 || bytes[at] === 101 || bytes[at] === 69) throw malformed(cursor, "an integer");
  return isNegative ? 0 - value : value;
}

/** Reads a flag; some nodes send it as a string; null is `undefined`. */
export function readFlag(cursor: JsonCursor): boolean | undefined {
  skipSpace(cursor);
  const from = cursor.at;
  skipValue(cursor);
  const text = cursor.bytes.toString("latin1", from, cursor.at);
  if (text === "true" || text === '"true"') return true;
  if (text === "false" || text === '"false"') return false;
  if (text === "null") return undefined;
  cursor.at = from;
  throw malformed(cursor, "true or false");
}

/** Reads a string without escapes, of Latin letters: hex, names and numbers. */
export function readPlainText(cursor: JsonCursor, maxLength: number): string {
  if (skipSpace(cursor) !== quote) throw malformed(cursor, "a string");
  const from = cursor.at + 1;
  const to = cursor.bytes.indexOf(quote, from);
  if (to < 0 || to - from > maxLength) throw malformed(cursor, `a string of at most ${maxLength} characters`);
  cursor.at = to + 1;
  return cursor.bytes.toString("latin1", from, to);
}

/** Reads 0x-prefixed hex of exactly `length` bytes, made lower case. */
export function readHex(cursor: JsonCursor, length: number): string {
  const isLower = passHex(cursor, length);
  const to = cursor.at - 1;
  const text = cursor.bytes.toString("latin1", to - 2 - length * 2, to);
  return isLower ? text : text.toLowerCase();
}

/** Reads 0x-prefixed hex of exactly `length` bytes; gives the first byte only. */
export function readHexHead(cursor: JsonCursor, length: number): number {
  passHex(cursor, length);
  const from = cursor.at - 1 - length * 2;
  return Number.parseInt(String.fromCharCode(cursor.bytes[from]!, cursor.bytes[from + 1]!), 16);
}

/** Passes over a hex string; true where it is all lower case. */
function passHex(cursor: JsonCursor, length: number): boolean {
  if (skipSpace(cursor) !== quote) throw malformed(cursor, `${length} bytes as hex`);
  const { bytes } = cursor;
  const from = cursor.at + 3;
  const to = from + length * 2;
  let isLower = true;
  let isHex = bytes[from - 2] === zero && bytes[from - 1] === 120 && bytes[to] === quote;
  for (let at = from; isHex && at < to; at++) {
    const code = bytes[at]!;
    if ((code >= zero && code <= nine) || (code >= 97 && code <= 102)) continue;
    isLower = false;
    isHex = code >= 65 && code <= 70;
  }
  if (!isHex) throw malformed(cursor, `${length} bytes as hex`);
  cursor.at = to + 1;
  return isLower;
}

/** Reads a string that is one of `names`: its place there; else -1, with the cursor where it was. */
export function readOneOf(cursor: JsonCursor, names: readonly Buffer[]): number {
  if (skipSpace(cursor) !== quote) throw malformed(cursor, "a string");
  const from = cursor.at + 1;
  for (let i = 0; i < names.length; i++) if (isName(cursor, from, names[i])) return i;
  return -1;
}

/** Passes over a value of any kind. */
export function skipValue(cursor: JsonCursor): void {
  const { bytes } = cursor;
  let depth = 0;
  do {
    const code = skipSpace(cursor);
    if (code === undefined) throw malformed(cursor, "a value");
    if (code === quote) skipText(cursor);
    else if (code === 123 || code === 91) (depth++, cursor.at++);
    else if (code === 125 || code === 93) (depth--, cursor.at++);
    else if (code === comma || code === colon) {
      if (depth === 0) throw malformed(cursor, "a value");
      cursor.at++;
    } else {
      const from = cursor.at;
      while (isWordByte(bytes[cursor.at])) cursor.at++;
      if (cursor.at === from) throw malformed(cursor, "a value");
    }
    if (depth < 0) throw malformed(cursor, "a value");
  } while (depth > 0);
}

/** An error that says where in the answer what was missing. */
export function malformed(cursor: JsonCursor, expected: string): AppError {
  return new AppError(`byte ${cursor.at}: expected ${expected}`, { code: "answer-malformed" });
}

function open(cursor: JsonCursor, bracket: number, what: string): void {
  if (skipSpace(cursor) !== bracket) throw malformed(cursor, what);
  cursor.at++;
}

/** True past the closing bracket; false past a comma. */
function isEnd(cursor: JsonCursor, bracket: number): boolean {
  const code = skipSpace(cursor);
  if (code !== bracket && code !== comma) throw malformed(cursor, "a comma or the end");
  cursor.at++;
  return code === bracket;
}

/** The byte that the cursor then stands on; `undefined` at the end. */
function skipSpace(cursor: JsonCursor): number | undefined {
  const { bytes } = cursor;
  for (;;) {
    const code = bytes[cursor.at];
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code;
    cursor.at++;
  }
}

function readName(cursor: JsonCursor, names: readonly Buffer[], guess: number): number {
  if (skipSpace(cursor) !== quote) throw malformed(cursor, "a field name");
  const from = cursor.at + 1;
  if (isName(cursor, from, names[guess])) return guess;
  for (let i = 0; i < names.length; i++) if (isName(cursor, from, names[i])) return i;
  skipText(cursor);
  return -1;
}

function isName(cursor: JsonCursor, from: number, name: Buffer | undefined): boolean {
  if (name === undefined || cursor.bytes[from + name.length] !== quote) return false;
  for (let i = 0; i < name.length; i++) if (cursor.bytes[from + i] !== name[i]) return false;
  cursor.at = from + name.length + 1;
  return true;
}

function skipText(cursor: JsonCursor): void {
  const { bytes } = cursor;
  for (let at = cursor.at + 1; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === backslash) at++;
    else if (code === quote) return void (cursor.at = at + 1);
  }
  throw malformed(cursor, "the end of a string");
}

/** Letters, digits and signs of numbers, true, false and null. */
function isWordByte(code: number | undefined): boolean {
  return (
    code !== undefined &&
    ((code >= zero && code <= nine) ||
      (code >= 97 && code <= 122) ||
      code === minus ||
      code === 43 ||
      code === 46 ||
      code === 69)
  );
}
