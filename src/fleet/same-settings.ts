import { isDeepStrictEqual } from "node:util";
import { Secret } from "./secret.ts";

/** Are these settings the same, the text of their secrets too? */
export function sameSettings(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(comparable(a), comparable(b));
}

/** A copy in which secrets can be compared. It stays inside this file. */
function comparable(value: unknown): unknown {
  if (value instanceof Secret) return { secret: value.reveal() };
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, comparable(inner)]));
}
