/** So much of a refusal is kept for evidence: the rest is in the node's own log. */
const mostLetters = 200;
const mostBytes = 16_384;

/** What a node says in a refusal: the message of its first failed item, else of the whole, else the text itself. */
export function refusalWords(body: Buffer): string | undefined {
  const text = body.toString("utf8", 0, mostBytes);
  if (text === "") return undefined;
  try {
    const { message, failures } = JSON.parse(text) as { message?: unknown; failures?: unknown };
    const first: unknown = Array.isArray(failures) ? (failures[0] as { message?: unknown } | null)?.message : undefined;
    for (const words of [first, message]) if (typeof words === "string") return words.slice(0, mostLetters);
  } catch {
    // Cut, or no JSON at all: its beginning is the best there is.
  }
  return text.slice(0, mostLetters);
}
