import type { JsonAnswer } from "./types.ts";

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Changes the `data` object of a successful answer; leaves anything else as it is. */
export function withData(answer: JsonAnswer, change: (data: JsonObject) => JsonObject): JsonAnswer {
  if (!isObject(answer.body) || !isObject(answer.body["data"])) return answer;
  return { status: answer.status, body: { ...answer.body, data: change(answer.body["data"]) } };
}

/** Follows keys into parsed JSON; `undefined` where a step is missing. */
export function at(value: unknown, ...keys: string[]): unknown {
  let here = value;
  for (const key of keys) here = isObject(here) ? here[key] : undefined;
  return here;
}

/** A decimal string or a number as the Beacon API writes integers; `undefined` for anything else. */
export function integerOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}
