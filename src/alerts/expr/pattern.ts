import { RE2JS, RE2JSException, RE2JSSyntaxException } from "re2js";
import { Refusal } from "./refusal.ts";

/** A compiled pattern. It matches the whole text, as Prometheus does. */
export interface Pattern {
  source: string;
  matches(text: string): boolean;
}

const maxCharacters = 200;

/**
 * Compiles a regular expression in the syntax that Prometheus has (RE2): time grows with the text, whatever the pattern, so
 * that none can hang the program. Throws `Refusal`; `position` is where the pattern begins in the text that is being read.
 */
export function compilePattern(source: string, position = 0): Pattern {
  if (Array.from(source).length > maxCharacters)
    throw new Refusal(`a pattern may have ${maxCharacters} characters`, position + maxCharacters);
  try {
    const compiled = RE2JS.compile(source, RE2JS.DOTALL);
    return { source, matches: (text) => compiled.testExact(text) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const [what, part] =
      error instanceof RE2JSSyntaxException ? [error.getDescription(), error.getPattern() ?? ""] : [error.message, ""];
    throw new Refusal(`no pattern: ${what}`, position + Math.max(0, source.indexOf(part)));
  }
}
