/** A request that came in one piece. */
export interface QuickHead {
  method: "GET" | "POST";
  target: string;
  /** Names the headers: the same for the same bytes, the body's length left out. */
  block: string;
  body: Buffer | null;
}

/** Longer heads are the HTTP server's. */
const longestHead = 2_048;

const [letterG, letterP] = [0x47, 0x50];
/** What HTTP allows in a request target; the HTTP server would refuse anything else. */
const plainTarget = /^\/[\x21-\x7e]*$/;
const lengthLine = /\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*(?=\r\n)/i;

/**
 * Reads a chunk that is one whole GET without a body, or one whole POST with a measured one; `undefined` where it is
 * anything else. The headers are not understood here, only told apart.
 */
export function readHead(chunk: Buffer): QuickHead | undefined {
  const isPost = chunk[0] === letterP;
  if (!isPost && chunk[0] !== letterG) return undefined;
  const end = chunk.subarray(0, longestHead).indexOf("\r\n\r\n", 0, "latin1");
  if (end === -1 || (!isPost && end + 4 !== chunk.length)) return undefined;
  const text = chunk.toString("latin1", 0, end + 4);
  const line = text.indexOf("\r\n");
  if (!text.startsWith(isPost ? "POST " : "GET ") || !text.startsWith(" HTTP/1.1", line - 9)) return undefined;
  const target = text.slice(isPost ? 5 : 4, line - 9);
  if (!plainTarget.test(target)) return undefined;
  if (!isPost) return { method: "GET", target, block: text.slice(line), body: null };
  const length = lengthLine.exec(text);
  if (!length || end + 4 + Number(length[1]) !== chunk.length) return undefined;
  const block = `P${text.slice(line, length.index)}${text.slice(length.index + length[0].length)}`;
  return { method: "POST", target, block, body: end + 4 === chunk.length ? null : chunk.subarray(end + 4) };
}
