/** What the gateway does with a request header. */
export type HeaderKind =
  | "forward"
  | "strip"
  | "host"
  | "transfer-encoding"
  | "content-length"
  | "connection"
  | "request-id"
  | "authorization"
  | "content-encoding";

const kinds: ReadonlyMap<string, HeaderKind> = new Map([
  ["host", "host"],
  ["transfer-encoding", "transfer-encoding"],
  ["content-length", "content-length"],
  ["connection", "connection"],
  ["x-request-id", "request-id"],
  ["authorization", "authorization"],
  ["content-encoding", "content-encoding"],
  // Hop-by-hop (RFC 9110, 7.6.1), the client's own secrets, and what the gateway decides for itself.
  ...["keep-alive", "proxy-connection", "te", "trailer", "upgrade", "expect", "proxy-authenticate"].map(strip),
  ...["proxy-authorization", "cookie", "accept-encoding", "http2-settings"].map(strip),
]);

function strip(name: string): [string, HeaderKind] {
  return [name, "strip"];
}

const seen = new Map<string, HeaderKind>();

/** The kind of a header name as it came; spellings are remembered (a bounded number) so that the hot path is one look-up. */
export function headerKind(name: string): HeaderKind {
  const known = seen.get(name);
  if (known !== undefined) return known;
  const kind = kinds.get(name.toLowerCase()) ?? "forward";
  if (seen.size < 512) seen.set(name, kind);
  return kind;
}

/** Response headers that are meant for this hop only, lower case: cookies of a node's load balancer are the gateway's too. */
export function isHopByHop(name: string): boolean {
  switch (name) {
    case "connection":
    case "keep-alive":
    case "transfer-encoding":
    case "te":
    case "trailer":
    case "upgrade":
    case "proxy-connection":
    case "proxy-authenticate":
    case "set-cookie":
    case "x-request-id":
      return true;
    default:
      return false;
  }
}
