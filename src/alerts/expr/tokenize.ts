import { Refusal } from "./refusal.ts";

export type Token =
  | { kind: "word"; text: string; position: number }
  | { kind: "number"; value: number; position: number }
  /** `positions[i]` is where character `i` of the value stands in the source; one more for its end. */
  | { kind: "text"; value: string; position: number; positions: readonly number[] }
  | { kind: "sign"; text: string; position: number }
  | { kind: "end"; position: number };

const signs = [">=", "<=", "==", "!=", "=~", "!~", ">", "<", "=", "+", "-", "*", "/", "(", ")", "{", "}", ","];
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** Cuts a condition into tokens; white space separates. Throws `Refusal`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < source.length) {
    const token = tokenAt(source, position);
    if (token) tokens.push(token.token);
    position = token?.next ?? position + 1;
  }
  tokens.push({ kind: "end", position: source.length });
  return tokens;
}

function tokenAt(source: string, position: number): { token: Token; next: number } | undefined {
  const char = source[position] ?? "";
  if (/\s/.test(char)) return undefined;
  const word = sticky(/[A-Za-z_][A-Za-z0-9_.]*/y, source, position);
  if (word !== undefined) return { token: { kind: "word", text: word, position }, next: position + word.length };
  const number = sticky(/(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y, source, position);
  if (number !== undefined) {
    const next = position + number.length;
    if (/[A-Za-z_.%]/.test(source[next] ?? ""))
      throw new Refusal(`"${number}${source[next] ?? ""}" is not a number: write it without a unit`, position);
    if (!Number.isFinite(Number(number))) throw new Refusal(`${number} is too large a number`, position);
    return { token: { kind: "number", value: Number(number), position }, next };
  }
  if (char === '"' || char === "'") return textAt(source, position, char);
  const sign = signs.find((text) => source.startsWith(text, position));
  if (sign !== undefined) return { token: { kind: "sign", text: sign, position }, next: position + sign.length };
  throw new Refusal(`the character ${JSON.stringify(char)} is not known here`, position);
}

function textAt(source: string, position: number, quote: string): { token: Token; next: number } {
  let value = "";
  const positions: number[] = [];
  for (let at = position + 1; at < source.length; at += 1) {
    let char = source[at] ?? "";
    if (char === quote) {
      positions.push(at);
      return { token: { kind: "text", value, position, positions }, next: at + 1 };
    }
    positions.push(at);
    if (char === "\\") {
      at += 1;
      const escaped = source[at];
      if (escaped === undefined) break;
      if (/[a-zA-Z0-9]/.test(escaped) && escapes[escaped] === undefined)
        throw new Refusal(`\\${escaped} is not known in text: write \\\\${escaped} for a backslash`, at - 1);
      char = escapes[escaped] ?? escaped;
    }
    value += char;
  }
  throw new Refusal("this text is not closed", position);
}

function sticky(pattern: RegExp, source: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(source)?.[0];
}
