import type { Duplex } from "node:stream";
import type { Clock } from "../../lib/clock.ts";
import { rawError } from "./replies.ts";

type ParseError = NodeJS.ErrnoException & { rawPacket?: Buffer };

/** Time for the answer to arrive: closing at once, with bytes unread, would reset the connection and lose it. */
const lingerMs = 1_000;

/** Answers on a connection on which no request could be read, and closes it whether or not the other side reads on. */
export function answerUnreadable(error: ParseError, socket: Duplex, clock: Clock): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  if (error.code === "HPE_HEADER_OVERFLOW") socket.end(rawError(431, "headers-too-large"));
  else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") socket.end(rawError(408, "request-too-slow"));
  else if (error.code === "HPE_INVALID_METHOD" && isWord(error.rawPacket)) socket.end(rawError(501, "method-unknown"));
  else socket.end(rawError(400, "bad-request"));
  const cancel = clock.after(lingerMs, () => socket.destroy());
  socket.once("close", cancel);
}

/** Does the packet begin with a method's letters, or is it something else altogether (TLS, say)? */
function isWord(packet: Buffer | undefined): boolean {
  return packet !== undefined && /^[A-Za-z]+ /.test(packet.toString("latin1", 0, 32));
}
