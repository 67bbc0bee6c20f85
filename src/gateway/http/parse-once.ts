let lastBody: Buffer | undefined;
let lastValue: unknown;

/**
 * The JSON in a body; throws where it is none. Several judges look at one answer in turn: it is parsed for the first of
 * them, and remembered until the next body comes. Nobody may change what it returns.
 */
export function parseJsonOnce(body: Buffer): unknown {
  if (body !== lastBody) {
    lastValue = JSON.parse(body.toString("utf8"));
    lastBody = body;
  }
  return lastValue;
}
