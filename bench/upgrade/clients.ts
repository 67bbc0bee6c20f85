import { Agent as NodeAgent, request as nodeRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { Client } from "undici";

export interface Ask {
  method: "GET" | "POST";
  path: string;
  body?: string;
}

export interface Answer {
  status: number;
  body: string;
}

/** One keep-alive connection of a validator client; never more than one request under way. No request is repeated. */
export interface LoadClient {
  ask(ask: Ask): Promise<Answer>;
  close(): Promise<void> | void;
}

export type ClientKind = "undici" | "node-agent" | "raw";

const headersOf = ({ body }: Ask): Record<string, string> => ({
  accept: "application/json",
  ...(body === undefined
    ? {}
    : { "content-type": "application/json", "eth-consensus-version": "fulu", "content-length": String(body.length) }),
});

export function createClient(kind: ClientKind, url: URL): LoadClient {
  if (kind === "undici") return undiciClient(url);
  return kind === "node-agent" ? nodeClient(url) : rawClient(url);
}

function undiciClient(url: URL): LoadClient {
  const client = new Client(url, { pipelining: 1, keepAliveTimeout: 110_000 });
  return {
    async ask(ask) {
      const { method, path, body = null } = ask;
      // By default a request that may be repeated is: here each one counts.
      const answer = await client.request({ method, path, body, headers: headersOf(ask), idempotent: false });
      return { status: answer.statusCode, body: await answer.body.text() };
    },
    close: () => client.destroy(),
  };
}

function nodeClient({ hostname, port }: URL): LoadClient {
  const agent = new NodeAgent({ keepAlive: true, maxSockets: 1 });
  return {
    ask: (ask) =>
      new Promise((resolve, reject) => {
        const request = nodeRequest({
          hostname,
          port,
          agent,
          method: ask.method,
          path: ask.path,
          headers: headersOf(ask),
        });
        request.once("error", reject);
        request.once("response", (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          response.once("error", reject);
          response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
        });
        request.end(ask.body);
      }),
    close: () => agent.destroy(),
  };
}

/** What a client of another language does: bytes on a socket, which is used until an answer says that it ends. */
function rawClient({ hostname, port, host }: URL): LoadClient {
  let socket: Socket | undefined;
  let received = Buffer.alloc(0);
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  function open(): Socket {
    const opened = connect(Number(port), hostname);
    received = Buffer.alloc(0);
    const over = (why: string) => {
      // One that was given up after its last answer has nothing to do with the request that is under way by now.
      if (socket !== opened) return;
      socket = undefined;
      waiting?.reject(new Error(why));
      waiting = undefined;
    };
    opened.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const whole = parseWhole(received);
      if (!whole || !waiting) return;
      const { resolve } = waiting;
      waiting = undefined;
      received = Buffer.alloc(0);
      if (whole.isLast) {
        if (socket === opened) socket = undefined;
        opened.end();
      }
      resolve(whole);
    });
    opened.once("error", (error) => over(error.message));
    opened.once("end", () => over("the connection ended before the answer"));
    opened.once("close", () => over("the connection closed before the answer"));
    return opened;
  }

  return {
    ask(ask) {
      const lines = Object.entries(headersOf(ask)).map(([name, value]) => `${name}: ${value}\r\n`);
      const used = (socket ??= open());
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        used.write(`${ask.method} ${ask.path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join("")}\r\n${ask.body ?? ""}`);
      });
    },
    close: () => void socket?.destroy(),
  };
}

/** An answer once all of it is there: by length, in chunks, or without a body. */
function parseWhole(bytes: Buffer): (Answer & { isLast: boolean }) | undefined {
  const text = bytes.toString("latin1");
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd).toLowerCase();
  const status = Number(/^http\/1\.1 (\d{3})/.exec(head)?.[1]);
  const isLast = /\r\nconnection: close/.test(head);
  const rest = text.slice(headEnd + 4);
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  if (length !== undefined) return rest.length >= Number(length) ? { status, body: rest, isLast } : undefined;
  if (!head.includes("transfer-encoding: chunked")) return { status, body: "", isLast };
  return rest.endsWith("0\r\n\r\n") ? { status, body: dechunk(rest), isLast } : undefined;
}

function dechunk(text: string): string {
  let body = "";
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf("\r\n", at);
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (!(size > 0)) break;
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 4 + size;
  }
  return body;
}
