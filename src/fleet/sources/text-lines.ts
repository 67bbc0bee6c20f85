/** The lines of a text with their numbers from 1, without line breaks (of any system) and without a byte order mark. */
export function* textLines(text: string): Generator<{ line: string; number: number }> {
  let start = text.startsWith("\ufeff") ? 1 : 0;
  for (let number = 1; start < text.length; number++) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const hasReturn = end > start && text.charCodeAt(end - 1) === 13;
    yield { line: text.slice(start, hasReturn ? end - 1 : end), number };
    start = end + 1;
  }
}
