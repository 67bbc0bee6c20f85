/** Thrown inside the parsers of this folder only, and turned into a result at their doors. */
export class Refusal extends Error {
  /** Characters from the start of the text, from 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = "Refusal";
    this.position = position;
  }
}

/** What is wrong with a text, and where: `position` counts characters from 0. */
export interface TextProblem {
  message: string;
  position: number;
}

/** Runs a parser; a refusal becomes a result. */
export function orProblem<T>(parse: () => T): { kind: "read"; value: T } | ({ kind: "refused" } & TextProblem) {
  try {
    return { kind: "read", value: parse() };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", message: error.message, position: error.position };
    throw error;
  }
}

/** The problem with the text and a mark under the character: three lines for a person. */
export function pointAt(text: string, { message, position }: TextProblem): string {
  const from = Math.max(0, position - 60);
  const shown = text.slice(from, from + 120).replace(/\s/g, " ");
  return `${message}, at character ${position + 1}\n  ${shown}\n  ${" ".repeat(position - from)}^`;
}
