import { AppError } from "../../lib/app-error.ts";

/** Reads the fields of parsed JSON that came from a node. What is not as expected throws AppError with its name. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses a body. */
export function parseObject(body: Buffer): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new AppError(`${body.length} bytes are not JSON`, { code: "answer-malformed", cause });
  }
  return asObject(json, "body");
}

export function objectIn(json: JsonObject, name: string): JsonObject {
  return asObject(json[name], name);
}

export function asObject(value: unknown, name: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(name, "an object");
  return value as JsonObject;
}

export function listIn(json: JsonObject, name: string): readonly unknown[] {
  const value = json[name];
  if (!Array.isArray(value)) throw bad(name, "a list");
  return value;
}

export function uintIn(json: JsonObject, name: string): number {
  return asUint(json[name], name);
}

/** A decimal string, or a number, up to 2^53. */
export function asUint(value: unknown, name: string): number {
  const number = typeof value === "string" && /^\d{1,20}$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number) || (number as number) < 0) throw bad(name, "an unsigned integer up to 2^53");
  return number as number;
}

/** 0x-prefixed hex, made lower case; of exactly `length` bytes where that is given. */
export function hexIn(json: JsonObject, name: string, length?: number): string {
  const value = json[name];
  const isHex = typeof value === "string" && value.length % 2 === 0 && /^0x[0-9a-fA-F]*$/.test(value);
  if (!isHex || (length !== undefined && value.length !== 2 + length * 2)) throw bad(name, "hex of the right length");
  return value.toLowerCase();
}

export function bytesIn(json: JsonObject, name: string, length?: number): Uint8Array {
  return new Uint8Array(Buffer.from(hexIn(json, name, length).slice(2), "hex"));
}

function bad(name: string, expected: string): AppError {
  return new AppError(`${name}: expected ${expected}`, { code: "answer-malformed" });
}
