import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { ClientIdentity } from "./clients/client-book.ts";
import type { Exchange } from "./exchange.ts";
import type { ClientLane } from "./lane/quick-lane.ts";

/** What of a request's head an exchange looks at, whoever has read it: the HTTP server or the quick lane. */
export type ClientRequest = Pick<IncomingMessage, "method" | "url" | "headers" | "httpVersionMinor" | "socket">;

/** Where an answer goes: a `ServerResponse`, or the quick lane's. `writeHead` throws on what HTTP does not allow. */
export interface ClientResponse {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  /** Bytes that wait to be sent. */
  readonly writableLength: number;
  sendDate: boolean;
  /** `false`: this answer is the connection's last. */
  shouldKeepAlive: boolean;
  writeHead(status: number, headers: string[]): unknown;
  write(chunk: Buffer | string): boolean;
  end(): unknown;
  end(body: Buffer): unknown;
  end(body: string, encoding: "latin1"): unknown;
  once(event: "drain", listener: () => void): unknown;
}

/** A client's connection, and what is under way on it. */
export interface ClientSocket {
  socket: Socket;
  active: Exchange[];
  /** Who sent the last request on it. */
  identity: ClientIdentity;
  /** Where its requests may be answered from memory without the HTTP server. */
  lane?: ClientLane;
}
