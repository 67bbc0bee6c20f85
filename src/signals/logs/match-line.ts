import type { LogSignature } from "../log-signature.ts";
import { isErrorLine, printableLine, withoutColours } from "../match-log.ts";

/** What one line is. */
export type LineMatch =
  { kind: "known"; signatures: readonly LogSignature[]; line: string } | { kind: "error"; line: string } | undefined;

/** Matches a line against the catalogue. What is kept of it holds no secret and no control character. */
export function matchLine(raw: string, signatures: readonly LogSignature[]): LineMatch {
  const line = withoutColours(raw);
  const found = signatures.filter(({ texts }) => texts.some((text) => line.includes(text)));
  if (found.length > 0) return { kind: "known", signatures: found, line: redactLine(line) };
  return isErrorLine(line) ? { kind: "error", line: redactLine(line) } : undefined;
}

const secrets: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, "$1 ***"],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, "***"],
  [/\/\/[^\s/@:]+:[^\s/@]+@/g, "//***@"],
  [/\b(token|secret|password|passphrase|api[-_]?key|jwt)(["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi, "$1$2***"],
];

/** Tokens, passwords and credentials in URLs become `***`; 300 characters are kept. */
export function redactLine(line: string): string {
  return printableLine(secrets.reduce((text, [pattern, put]) => text.replace(pattern, put), line.slice(0, 4096)));
}
