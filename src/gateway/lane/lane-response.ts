import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import type { ClientResponse } from "../client-connection.ts";

/** Up to this the body goes out in one write with its head. */
const longestText = 16_384;
/** What may stand in a header's value (RFC 9110, 5.5). */
const sendableValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The answer to a request that the quick lane has taken: the part of Node's `ServerResponse` that an exchange uses, written
 * straight to the connection. HTTP/1.1 only; strings are Latin-1, as bytes are; `done` is called at the end of the answer.
 */
export class LaneResponse implements ClientResponse {
  headersSent = false;
  sendDate = true;
  shouldKeepAlive = true;
  private readonly socket: Socket;
  private readonly clock: Clock;
  private readonly keepAliveMs: number;
  private readonly done: () => void;
  /** Status line and headers, until they go out. */
  private head = "";
  private isBodiless = false;
  private isMeasured = false;
  private isChunked = false;

  constructor(socket: Socket, clock: Clock, keepAliveMs: number, done: () => void) {
    this.socket = socket;
    this.clock = clock;
    this.keepAliveMs = keepAliveMs;
    this.done = done;
  }

  get destroyed(): boolean {
    return this.socket.destroyed;
  }

  get writableLength(): number {
    return this.socket.writableLength;
  }

  writeHead(status: number, headers: readonly (string | string[])[]): void {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n`;
    let isMeasured = false;
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const name = headers[i] as string;
      const value = headers[i + 1] as string | string[];
      if (typeof value !== "string") for (const each of value) head += headerLine(name, each);
      else head += headerLine(name, value);
      if (name === "content-length") isMeasured = true;
    }
    if (this.sendDate) head += `Date: ${dateText(this.clock.now())}\r\n`;
    this.head = head;
    this.isMeasured = isMeasured;
    this.isBodiless = status === 204 || status === 304;
    this.headersSent = true;
  }

  write(chunk: Buffer | string): boolean {
    const body = typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk;
    if (body.length === 0) return true;
    if (this.head !== "") {
      this.isChunked = !this.isMeasured;
      this.socket.write(this.headText(this.isChunked ? "Transfer-Encoding: chunked\r\n" : ""), "latin1");
    }
    if (!this.isChunked) return this.socket.write(body);
    this.socket.write(`${body.length.toString(16)}\r\n`, "latin1");
    this.socket.write(body);
    return this.socket.write("\r\n", "latin1");
  }

  end(body: Buffer | string = ""): void {
    const { socket } = this;
    if (this.head === "") {
      if (body.length > 0) this.write(body);
      if (this.isChunked) socket.write("0\r\n\r\n", "latin1");
    } else {
      const text = this.headText(this.isMeasured || this.isBodiless ? "" : `Content-Length: ${body.length}\r\n`);
      if (typeof body === "string") socket.write(text + body, "latin1");
      else if (body.length <= longestText) socket.write(text + body.toString("latin1"), "latin1");
      else {
        socket.cork();
        socket.write(text, "latin1");
        socket.write(body);
        socket.uncork();
      }
    }
    if (!this.shouldKeepAlive) socket.destroySoon();
    this.done();
  }

  once(event: "drain", listener: () => void): void {
    this.socket.once(event, listener);
  }

  private headText(length: string): string {
    const { head } = this;
    this.head = "";
    const timeoutS = Math.floor(this.keepAliveMs / 1000);
    const connection = this.shouldKeepAlive
      ? `Connection: keep-alive\r\nKeep-Alive: timeout=${timeoutS}\r\n`
      : "Connection: close\r\n";
    return `${head}${length}${connection}\r\n`;
  }
}

function headerLine(name: string, value: string): string {
  if (!sendableValue.test(value)) throw new TypeError(`the value of ${name} may not stand in a header`);
  return `${name}: ${value}\r\n`;
}

let dateSecond = NaN;
let lastDate = "";

/** The text of a `Date` header; made once a second. */
function dateText(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    lastDate = new Date(now).toUTCString();
  }
  return lastDate;
}
