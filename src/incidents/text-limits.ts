import { refuse, type Refusal } from "./verb-result.ts";

export const titleLength = 200;
/** Of names of people, and of whatever stands in one line. */
export const lineLength = 200;
export const textLength = 10_000;

/** One line without control characters: nobody forges a second line of a log or a message. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}

/** The same, cut: for what no person wrote, which is told rather than refused. */
export function shortLine(text: string, maxLength = titleLength): string {
  return oneLine(text).slice(0, maxLength);
}

/** Why a text cannot be taken; `undefined`: it can. Says how long it is, never what it says. */
export function textProblem(what: string, text: string, maxLength: number): Refusal | undefined {
  if (text.trim() === "") return refuse("text-missing", `the ${what} is empty`);
  return lengthProblem(what, text, maxLength);
}

/** The same for a text that may be empty. */
export function lengthProblem(what: string, text: string, maxLength: number): Refusal | undefined {
  if (text.length > maxLength)
    return refuse("text-too-long", `the ${what} has ${text.length} characters, at most ${maxLength} are kept`);
  // PostgreSQL keeps no NUL, and would refuse everything that is written with it.
  return text.includes("\0") ? refuse("text-not-plain", `the ${what} holds a NUL character`) : undefined;
}
