import { STATUS_CODES } from "node:http";
import type { ClientResponse } from "../client-connection.ts";
import { gatewayReasons, type GatewayReasonCode } from "../reasons.ts";

/** Body of every error that the gateway itself makes: the Beacon API's form, and the reason code. */
export function errorBody(status: number, reason: GatewayReasonCode, detail = ""): string {
  const text = gatewayReasons[reason];
  const message = `${text.short}${detail === "" ? "" : ` (${detail})`}. ${text.long}`;
  return JSON.stringify({ code: status, message, reason });
}

export interface ReplyOptions {
  requestId?: string;
  detail?: string;
  /** Close the connection after this answer. */
  isLast?: boolean;
  retryAfterS?: number;
}

/** Answers with a gateway error; does nothing when an answer has begun. */
export function replyError(
  res: ClientResponse,
  status: number,
  reason: GatewayReasonCode,
  options: ReplyOptions = {},
): void {
  if (res.headersSent || res.destroyed) return;
  const body = Buffer.from(errorBody(status, reason, options.detail));
  const headers = [
    "content-type",
    "application/json",
    "content-length",
    String(body.length),
    "x-slotkeeper-reason",
    reason,
  ];
  if (options.requestId) headers.push("x-request-id", options.requestId);
  if (options.retryAfterS !== undefined) headers.push("retry-after", String(options.retryAfterS));
  if (status === 405) headers.push("allow", "GET, HEAD, POST");
  if (options.isLast) headers.push("connection", "close");
  res.writeHead(status, headers);
  res.end(body);
}

/** The same as bytes, for a socket on which no request could be parsed. */
export function rawError(status: number, reason: GatewayReasonCode): string {
  const body = errorBody(status, reason);
  const line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`;
  return `${line}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}
