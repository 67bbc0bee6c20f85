/**
 * How many bytes of the request that begins with this chunk are still to come: 0 where it ends with the chunk, -1 where
 * that cannot be told from plain headers. Whoever reads the connection in two ways must be sure where each request ends.
 */
export function readFraming(chunk: Buffer): number {
  const end = chunk.indexOf("\r\n\r\n", 0, "latin1");
  if (end === -1) return -1;
  const head = chunk.toString("latin1", 0, end + 2).toLowerCase();
  if (head.includes("\r\ntransfer-encoding") || head.includes("\r\nupgrade")) return -1;
  const at = head.indexOf("\r\ncontent-length:");
  let length = 0;
  if (at !== -1) {
    const value = /^\r\ncontent-length:[ \t]*([0-9]{1,15})[ \t]*\r\n/.exec(head.slice(at))?.[1];
    if (value === undefined || head.includes("\r\ncontent-length", at + 2)) return -1;
    length = Number(value);
  } else if (head.includes("\r\ncontent-length")) return -1;
  const left = end + 4 + length - chunk.length;
  return left < 0 ? -1 : left;
}
