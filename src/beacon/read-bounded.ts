import type { Readable } from "node:stream";

export const bodyTooLarge = Symbol("body too large");

/**
 * Reads a body whole, holding at most `maxBytes` of it: an endless body ends in `bodyTooLarge` and a closed
 * connection. Throws what the connection throws.
 */
export async function readBounded(body: Readable, maxBytes: number): Promise<Buffer | typeof bodyTooLarge> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      // Leaving the loop destroys the body, and with it the connection.
      return bodyTooLarge;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
