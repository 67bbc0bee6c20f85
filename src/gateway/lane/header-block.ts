import type { Exchange } from "../exchange.ts";
import { acceptsGzip } from "../http/accepts-gzip.ts";
import type { Route } from "../routes/route.ts";
import { acceptedForm, type AnswerForm } from "../share/accepted-form.ts";

/** What a block of headers asks for; read by the HTTP server once. */
export interface HeaderBlock {
  /** `undefined`: a form that shared answers do not have. */
  form: AnswerForm | undefined;
  wantsGzip: boolean;
  authorization: string | undefined;
  /** As the HTTP server read them, without the body's length. */
  headers: Exchange["req"]["headers"];
  /** What goes to a node, without the request id. */
  forward: readonly string[];
}

/** The block of a request that the HTTP server has admitted; `undefined` where another with the same might mean more. */
export function blockOf({ req, res, isHead, headers }: Exchange): HeaderBlock | undefined {
  const { "content-length": _length, ...kept } = req.headers;
  const { expect, upgrade, "x-request-id": requestId, "transfer-encoding": chunked } = kept;
  if (isHead || !res.shouldKeepAlive || req.httpVersionMinor !== 1 || headers.contentEncoding !== "") return undefined;
  if (expect !== undefined || upgrade !== undefined || requestId !== undefined || chunked !== undefined)
    return undefined;
  if (req.method === "GET" && _length !== undefined) return undefined;
  return {
    form: acceptedForm(kept.accept),
    wantsGzip: acceptsGzip(kept["accept-encoding"]),
    authorization: kept.authorization,
    headers: kept,
    // The listener has put the request's own id last.
    forward: headers.forward.slice(0, -2),
  };
}

/**
 * Is it one that comes in numbers and has a small answer? What may be answered in a stream, and blocks, which are few, are
 * the HTTP server's.
 */
export function isTaken({ policy, method, share, isHeavy }: Route): boolean {
  if (policy === "broadcast" || policy === "replay") return true;
  return !isHeavy && (policy === "best" || (method === "POST" && share !== undefined));
}
