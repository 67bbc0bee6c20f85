/** One answer as it stood on the wire. */
export interface RawReply {
  status: number;
  /** Lower-case names; values of one name joined with ", ". */
  headers: Readonly<Record<string, string>>;
  /** Latin-1, without its framing. */
  body: string;
}

/**
 * Takes all that came back on a connection (latin-1) apart, final answers only. `bodiless` names those that answer HEAD.
 * Throws on bytes that are no HTTP/1.1 (RFC 9112): a test learns of wrong framing here.
 */
export function readReplies(text: string, bodiless: readonly number[] = []): RawReply[] {
  const replies: RawReply[] = [];
  let rest = text;
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    const [line = "", ...fields] = rest.slice(0, end).split("\r\n");
    const status = Number(/^HTTP\/1\.1 ([0-9]{3}) /.exec(line)?.[1] ?? NaN);
    if (end === -1 || Number.isNaN(status)) throw new Error(`no answer: ${rest.slice(0, 80)}`);
    rest = rest.slice(end + 4);
    if (status < 200) continue;
    const headers: Record<string, string> = {};
    for (const field of fields) {
      const [, name = "", value = ""] = /^([^:\s]+):[ \t]*(.*)$/.exec(field) ?? [];
      const key = name.toLowerCase();
      headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
    }
    const isBodiless = status === 204 || status === 304 || bodiless.includes(replies.length);
    const [body, left] = isBodiless ? ["", rest] : takeBody(headers, rest);
    replies.push({ status, headers, body });
    rest = left;
  }
  return replies;
}

function takeBody(headers: Readonly<Record<string, string>>, rest: string): [body: string, left: string] {
  const length = headers["content-length"];
  if (headers["transfer-encoding"] === "chunked") return takeChunks(rest);
  if (length === undefined) return [rest, ""];
  if (rest.length < Number(length)) throw new Error(`a body of ${rest.length} bytes instead of ${length}`);
  return [rest.slice(0, Number(length)), rest.slice(Number(length))];
}

function takeChunks(rest: string): [body: string, left: string] {
  let body = "";
  for (let at = 0; ;) {
    const end = rest.indexOf("\r\n", at);
    const size = parseInt(rest.slice(at, end), 16);
    if (end === -1 || Number.isNaN(size)) throw new Error("a body that is cut off");
    if (size === 0) return [body, rest.slice(end + 4)];
    body += rest.slice(end + 2, end + 2 + size);
    at = end + 4 + size;
  }
}
