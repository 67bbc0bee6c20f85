import { Refusal } from "./refusal.ts";

export type PatternNode =
  | { kind: "one"; isIn: (codePoint: number) => boolean }
  | { kind: "sequence"; parts: readonly PatternNode[] }
  | { kind: "either"; options: readonly PatternNode[] }
  | { kind: "repeat"; part: PatternNode; min: 0 | 1; isEndless: boolean };

type Range = readonly [from: number, to: number];

const maxLength = 200;
const maxDepth = 20;
const digits: readonly Range[] = [[48, 57]];
const wordChars: readonly Range[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const spaces: readonly Range[] = [
  [9, 13],
  [32, 32],
];
const plain: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 };

/**
 * Reads the part of RE2's syntax that labels need: text, `.`, `[a-z]`, `[^a-z]`, `\d \w \s`, groups, `|`, `*`, `+`, `?`.
 * What else exists (counts in braces, anchors, look-around, back-references) is refused where it stands. `offset` is
 * where the pattern begins in the text that is being read.
 */
export function parsePattern(source: string, offset = 0): PatternNode {
  const chars = Array.from(source);
  let at = 0;
  let depth = 0;
  const refuse = (message: string, where = at): never => {
    throw new Refusal(message, offset + chars.slice(0, where).join("").length);
  };
  if (chars.length > maxLength) refuse(`a pattern may not be longer than ${maxLength} characters`, 0);

  const either = (): PatternNode => {
    const options = [sequence()];
    while (chars[at] === "|") {
      at += 1;
      options.push(sequence());
    }
    const [first] = options;
    return options.length === 1 && first ? first : { kind: "either", options };
  };

  const sequence = (): PatternNode => {
    const parts: PatternNode[] = [];
    while (at < chars.length && chars[at] !== "|" && chars[at] !== ")") parts.push(repeated());
    return { kind: "sequence", parts };
  };

  const repeated = (): PatternNode => {
    const part = single();
    const sign = chars[at];
    if (sign === "{") refuse("counts in braces are not known in patterns");
    if (sign !== "*" && sign !== "+" && sign !== "?") return part;
    at += 1;
    const next = chars[at];
    if (next === "*" || next === "+" || next === "?") refuse("two repetitions in a row");
    return { kind: "repeat", part, min: sign === "+" ? 1 : 0, isEndless: sign !== "?" };
  };

  const single = (): PatternNode => {
    const char = chars[at] ?? "";
    switch (char) {
      case "(":
        return group();
      case "[":
        return charClass();
      case "\\":
        return { kind: "one", isIn: inRanges(escaped()) };
      case ".":
        at += 1;
        return { kind: "one", isIn: () => true };
      case "*":
      case "+":
      case "?":
        return refuse("nothing stands before the repetition");
      case "^":
      case "$":
        return refuse("a pattern matches the whole text anyway: leave out ^ and $");
      case "{":
      case "}":
      case "]":
        return refuse(`write \\${char} for the character ${char}`);
      default:
        at += 1;
        return { kind: "one", isIn: inRanges([point(char)]) };
    }
  };

  const group = (): PatternNode => {
    const open = at;
    at += 1;
    depth += 1;
    if (depth > maxDepth) refuse(`groups may not be nested deeper than ${maxDepth}`);
    if (chars[at] === "?") {
      if (chars[at + 1] !== ":") refuse("only (…) and (?:…) are known, no other group");
      at += 2;
    }
    const inner = either();
    if (chars[at] !== ")") refuse("this group is not closed", open);
    at += 1;
    depth -= 1;
    return inner;
  };

  const escaped = (): readonly Range[] => {
    const char = chars[at + 1];
    if (char === undefined) return refuse("a lone backslash at the end");
    if (/[a-zA-Z0-9]/.test(char)) {
      const known = char === "d" ? digits : char === "w" ? wordChars : char === "s" ? spaces : undefined;
      const code = plain[char];
      if (known === undefined && code === undefined) refuse(`\\${char} is not known in patterns`);
      at += 2;
      return known ?? [[code ?? 0, code ?? 0]];
    }
    at += 2;
    return [point(char)];
  };

  const charClass = (): PatternNode => {
    const open = at;
    at += 1;
    const isNegated = chars[at] === "^";
    if (isNegated) at += 1;
    const ranges: Range[] = [];
    while (chars[at] !== "]") {
      if (at >= chars.length) refuse("this [ is not closed", open);
      if (chars[at] === "[") refuse("write \\[ for the character [");
      const from = classPart();
      ranges.push(...from);
      if (chars[at] !== "-" || chars[at + 1] === "]") continue;
      at += 1;
      if (at >= chars.length) refuse("this [ is not closed", open);
      const to = classPart();
      const [low, high] = [from[0]?.[0] ?? 0, to[0]?.[0] ?? 0];
      if (from.length !== 1 || to.length !== 1 || from[0]?.[1] !== low || to[0]?.[1] !== high || high < low)
        refuse("this range runs backwards or has no ends");
      ranges.push([low, high]);
    }
    if (ranges.length === 0) refuse("this [] holds nothing", open);
    at += 1;
    const isIn = inRanges(ranges);
    return { kind: "one", isIn: isNegated ? (codePoint) => !isIn(codePoint) : isIn };
  };

  const classPart = (): readonly Range[] => {
    if (chars[at] === "\\") return escaped();
    const char = chars[at] ?? "";
    at += 1;
    return [point(char)];
  };

  const read = either();
  if (at < chars.length) refuse("this ) closes nothing");
  return read;
}

function point(char: string): Range {
  const code = char.codePointAt(0) ?? 0;
  return [code, code];
}

function inRanges(ranges: readonly Range[]): (codePoint: number) => boolean {
  return (codePoint) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to);
}
