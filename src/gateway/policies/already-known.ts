/** Exact repetition only: "this validator attested already" may be about another message, and stays a refusal. */
const known = /\bduplicate\b|\balready[ _](?:known|seen|imported)\b|BLOCK_ERROR_ALREADY_KNOWN/i;

/**
 * Does a node's error say nothing else than that it has the message already? Then it is published: a node that died
 * after passing it on by gossip leaves the others with exactly this answer (Lodestar: 500, `PublishError.Duplicate`).
 */
export function isAlreadyKnown(status: number, body: Buffer): boolean {
  if (status < 400 || body.length > 262_144) return false;
  let message: unknown;
  try {
    message = (JSON.parse(body.toString("utf8")) as { message?: unknown } | null)?.message;
  } catch {
    return false;
  }
  if (typeof message !== "string") return false;
  const lines = message.split("\n").filter((line) => line.trim() !== "" && !/^multiple errors\b/i.test(line));
  return lines.length > 0 && lines.every((line) => known.test(line));
}

/** The same for one item of a refusal. */
export function isKnownItem(message: string): boolean {
  return known.test(message);
}
