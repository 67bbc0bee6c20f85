import { STATUS_CODES } from "node:http";
import type { SharedAnswer } from "./shared-answer.ts";

/** An answer as it stands on the wire, up to the value of the request id and behind it. Latin-1 text is bytes. */
export interface WireText {
  before: string;
  after: string;
  /** Too long to be one string with the head: sent behind it. */
  body: Buffer | undefined;
}

/** Up to this the body goes out in one write with its head; a buffer would be a second one. */
const longestText = 16_384;

/** Makes the text of an answer, compressed or not; made once for an answer and kept with it. */
export function wireText(answer: SharedAnswer, isPacked: boolean, keepAliveMs: number, now: number): WireText {
  const { status, headers } = answer;
  const body = isPacked && answer.packed ? answer.packed : answer.body;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "OK"}`];
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  if (isPacked) lines.push("content-encoding: gzip");
  if (!answer.hasDate) lines.push(`Date: ${new Date(now).toUTCString()}`);
  const isBodiless = status === 204;
  if (!isBodiless) lines.push(`content-length: ${body.length}`);
  lines.push("Connection: keep-alive", `Keep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}`, "x-request-id: ");
  const isShort = body.length <= longestText;
  return {
    before: lines.join("\r\n"),
    after: `\r\n\r\n${isBodiless || !isShort ? "" : body.toString("latin1")}`,
    body: isBodiless || isShort ? undefined : body,
  };
}
