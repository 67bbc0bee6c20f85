/**
 * What moves a cursor, rings a bell or turns the reading direction: C0 and C1 controls but for tab and newline, line and paragraph
 * separators, and the bidirectional controls of Unicode (UAX #9).
 */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text of several lines without control characters; lines end with "\n", and nothing stands around it. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u2028\u2029]/g, "\n")
    .replace(controls, "")
    .trim();
}

/** The same in one line. */
export function cleanLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(controls, "").trim();
}

/** What may be written to a terminal, whoever wrote it: everything but control characters. */
export function printable(text: string): string {
  return text.replace(controls, "");
}

/** JSON that may be written to a terminal: control characters are escaped, those too that JSON leaves as they are. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(
    controls,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
