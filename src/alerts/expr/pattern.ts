import { parsePattern, type PatternNode } from "./parse-pattern.ts";

/** A compiled pattern. It matches the whole text, as Prometheus does. */
export interface Pattern {
  source: string;
  matches(text: string): boolean;
}

type Step =
  { kind: "one"; isIn: (codePoint: number) => boolean } | { kind: "split"; to: number; or: number } | { kind: "done" };

/**
 * Compiles a regular expression without backtracking: time grows with the text times the pattern, whatever they are, so
 * that no pattern can hang the program (R. Cox, "Regular Expression Matching Can Be Simple And Fast"). Throws `Refusal`.
 */
export function compilePattern(source: string, position = 0): Pattern {
  const steps: Step[] = [];
  emit(parsePattern(source, position), steps);
  steps.push({ kind: "done" });
  return { source, matches: (text) => run(steps, text) };
}

/** Appends the steps of a node; falling off their end means that it matched. */
function emit(node: PatternNode, steps: Step[]): void {
  switch (node.kind) {
    case "one":
      steps.push({ kind: "one", isIn: node.isIn });
      return;
    case "sequence":
      for (const part of node.parts) emit(part, steps);
      return;
    case "either":
      emitEither(node.options, steps);
      return;
    case "repeat":
      emitRepeat(node, steps);
      return;
  }
}

function emitEither(options: readonly PatternNode[], steps: Step[]): void {
  const jumps: Extract<Step, { kind: "split" }>[] = [];
  options.forEach((option, index) => {
    if (index === options.length - 1) return emit(option, steps);
    const split: Step = { kind: "split", to: steps.length + 1, or: 0 };
    steps.push(split);
    emit(option, steps);
    const jump: Step = { kind: "split", to: 0, or: 0 };
    steps.push(jump);
    jumps.push(jump);
    split.or = steps.length;
  });
  for (const jump of jumps) jump.to = jump.or = steps.length;
}

function emitRepeat({ part, min, isEndless }: Extract<PatternNode, { kind: "repeat" }>, steps: Step[]): void {
  const start = steps.length;
  const skip: Step = { kind: "split", to: start + 1, or: 0 };
  if (min === 0) steps.push(skip);
  emit(part, steps);
  if (isEndless) steps.push({ kind: "split", to: start, or: steps.length + 1 });
  skip.or = steps.length;
}

function run(steps: readonly Step[], text: string): boolean {
  let marks = new Uint8Array(steps.length);
  let here = follow(steps, [0], marks);
  for (const char of text) {
    const codePoint = char.codePointAt(0) ?? 0;
    const next = here.flatMap((at) => {
      const step = steps[at];
      return step?.kind === "one" && step.isIn(codePoint) ? [at + 1] : [];
    });
    if (next.length === 0) return false;
    marks = new Uint8Array(steps.length);
    here = follow(steps, next, marks);
  }
  return here.some((at) => steps[at]?.kind === "done");
}

/** Every step that can be reached without reading a character; each is visited once. */
function follow(steps: readonly Step[], from: readonly number[], marks: Uint8Array): number[] {
  const open = [...from];
  const found: number[] = [];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (marks[at] === 1) continue;
    marks[at] = 1;
    const step = steps[at];
    if (step?.kind === "split") open.push(step.to, step.or);
    else found.push(at);
  }
  return found;
}
