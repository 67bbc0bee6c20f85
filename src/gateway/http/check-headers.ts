import type { GatewayReasonCode } from "../reasons.ts";
import { headerKind } from "./header-kinds.ts";

/** Headers of one request, judged in one pass. */
export interface CheckedHeaders {
  /** Names and values in turn, as undici takes them: what may go to a beacon node. */
  forward: string[];
  /** The client's own id, if it is a sane one; the listener makes one otherwise. */
  requestId: string;
  /** Tells who the client is; never forwarded. */
  authorization: string | undefined;
  /** How the body is packed, lower case; "" where it is not. */
  contentEncoding: string;
  /** -1 where the client gave none. */
  contentLength: number;
  hasBody: boolean;
  refusal: GatewayReasonCode | undefined;
}

const requestIdForm = /^[A-Za-z0-9._:-]{1,64}$/;

/**
 * Judges raw headers (name, value, name, …) against smuggling forms (RFC 9112, 6.1 and 3.2) and keeps what may be
 * forwarded: nothing hop-by-hop, nothing that `Connection` names, never the client's `Authorization`.
 */
export function checkHeaders(raw: readonly string[]): CheckedHeaders {
  const forward: string[] = [];
  const checked: CheckedHeaders = {
    forward,
    requestId: "",
    authorization: undefined,
    contentEncoding: "",
    contentLength: -1,
    hasBody: false,
    refusal: undefined,
  };
  let hosts = 0;
  let isChunked = false;
  let named = "";
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    switch (headerKind(name)) {
      case "forward":
        forward.push(name, value);
        break;
      case "strip":
        break;
      case "host":
        if (++hosts > 1) checked.refusal = "duplicate-host";
        break;
      case "transfer-encoding":
        if (isChunked || value.toLowerCase() !== "chunked") checked.refusal = "bad-transfer-encoding";
        isChunked = true;
        break;
      case "content-length":
        if (checked.contentLength !== -1 || !/^[0-9]{1,15}$/.test(value)) checked.refusal = "length-conflict";
        else checked.contentLength = Number(value);
        break;
      case "connection":
        if (value !== "keep-alive" && value !== "close") named += `,${value.toLowerCase()}`;
        break;
      case "request-id":
        if (requestIdForm.test(value)) checked.requestId = value;
        break;
      case "content-encoding":
        forward.push(name, value);
        if (value.toLowerCase() !== "identity") checked.contentEncoding = value.toLowerCase();
        break;
      case "authorization":
        // Two of them are nobody's: which one a proxy in front has checked cannot be told.
        checked.authorization = checked.authorization === undefined ? value : "twice";
        break;
    }
  }
  if (isChunked && checked.contentLength !== -1) checked.refusal = "length-conflict";
  checked.hasBody = isChunked || checked.contentLength > 0;
  if (named !== "") checked.forward = withoutNamed(forward, named);
  return checked;
}

function withoutNamed(headers: readonly string[], connection: string): string[] {
  return withoutHeaders(headers, new Set(connection.split(",").map((part) => part.trim())));
}

/** A raw list without the headers of these lower-case names. */
export function withoutHeaders(headers: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!names.has(name.toLowerCase())) kept.push(name, headers[i + 1] as string);
  }
  return kept;
}

/** The first value of a header in a raw list, or `undefined`; the name is given in lower case. */
export function rawHeader(raw: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < raw.length; i += 2) if ((raw[i] as string).toLowerCase() === name) return raw[i + 1];
  return undefined;
}
