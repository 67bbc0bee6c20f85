import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Server as NetServer, type Socket } from "node:net";
import { AppError } from "../lib/app-error.ts";
import { createClientSockets, type ClientSockets } from "./client-sockets.ts";
import type { GroupContext } from "./context.ts";
import { Exchange } from "./exchange.ts";
import { admit, createResolver } from "./http/admit.ts";
import { readBody } from "./http/read-body.ts";
import { rawError, replyError } from "./http/replies.ts";
import type { Matcher } from "./routes/match.ts";
import { serveExchange, type GroupMemory } from "./serve-exchange.ts";

export interface Listener {
  readonly server: Server;
  readonly sockets: ClientSockets;
  /** From now on every answer closes its connection. */
  leave(): void;
}

/** The HTTP server in front: judges each request, reads its body, and hands it to its policy. Not yet listening. */
export function createListener(context: GroupContext, matcher: Matcher, memory: GroupMemory): Listener {
  const { settings, counters } = context;
  const sockets = createClientSockets();
  const idBase = Math.floor(context.random() * 0xffffffff).toString(36);
  const resolve = createResolver(matcher, settings);
  let lastId = 0;
  let isLeaving = false;

  const server = createServer({
    keepAliveTimeout: settings.keepAliveMs,
    headersTimeout: settings.headersTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(2_000, settings.headersTimeoutMs / 2),
    maxHeaderSize: 16_384,
    requireHostHeader: true,
    noDelay: true,
  });
  server.maxConnections = settings.maxConnections;

  function refuse(res: ServerResponse, status: number, reason: Parameters<typeof replyError>[2]): void {
    counters.refusedBeforeRouting++;
    // What follows on this connection cannot be trusted to be a request of its own.
    replyError(res, status, reason, { isLast: status !== 403 });
  }

  function onRequest(req: IncomingMessage, res: ServerResponse, expectsContinue = false): void {
    const client = sockets.of(req.socket);
    if (client.active.length >= settings.maxPipelined) return refusePipelined(req, res);
    const admission = admit(req, resolve, settings);
    if (admission.kind === "refused") return refuse(res, admission.status, admission.reason);
    const { headers, match, bodyLimit } = admission;
    if (headers.requestId === "") headers.requestId = `${idBase}-${(++lastId).toString(36)}`;
    if (isLeaving) res.shouldKeepAlive = false;
    if (expectsContinue) res.writeContinue();
    const exchange = new Exchange(context, req, res, client, match, headers);
    if (req.method !== "POST") return serve(exchange);
    if (!headers.hasBody) {
      exchange.body = null;
      req.resume();
      return serve(exchange);
    }
    readBody(req, bodyLimit, (outcome) => {
      if (outcome.kind === "gone" || exchange.isOver) return exchange.gone();
      if (outcome.kind === "too-large") {
        res.shouldKeepAlive = false;
        return exchange.fail(413, "body-too-large");
      }
      exchange.body = outcome.body;
      serve(exchange);
    });
  }

  function serve(exchange: Exchange): void {
    try {
      serveExchange(exchange, memory);
    } catch (error) {
      context.log.error(
        { err: error, requestId: exchange.headers.requestId, route: exchange.route.id },
        "serving a request failed",
      );
      exchange.fail(500, "internal");
    }
  }

  function refusePipelined(req: IncomingMessage, res: ServerResponse): void {
    counters.refusedBeforeRouting++;
    const marked = req.socket as Socket & { hasOverrun?: boolean };
    // One answer says it; what was sent behind it is not looked at any more.
    if (marked.hasOverrun) return;
    marked.hasOverrun = true;
    replyError(res, 429, "too-many-pipelined", { isLast: true });
  }

  function onClientError(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex): void {
    counters.refusedBeforeRouting++;
    if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
    if (error.code === "HPE_HEADER_OVERFLOW") socket.end(rawError(431, "headers-too-large"));
    else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") socket.end(rawError(408, "request-too-slow"));
    else if (error.code === "HPE_INVALID_METHOD" && isWord(error.rawPacket))
      socket.end(rawError(501, "method-unknown"));
    else socket.end(rawError(400, "bad-request"));
  }

  server.on("connection", (socket) => sockets.open(socket));
  server.on("request", (req, res) => onRequest(req, res));
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => onRequest(req, res, true));
  server.on("checkExpectation", (_req: IncomingMessage, res: ServerResponse) =>
    refuse(res, 417, "unknown-expectation"),
  );
  server.on("clientError", onClientError);
  server.on("connect", (_req: IncomingMessage, socket: Duplex) => socket.end(rawError(405, "method-not-allowed")));

  return {
    server,
    sockets,
    leave: () => {
      isLeaving = true;
      sockets.leave();
      // Not the HTTP server's own close: it cuts idle connections, and a request may be on its way on one of them.
      NetServer.prototype.close.call(server);
    },
  };
}

/** Does the packet begin with a method's letters, or is it something else altogether (TLS, say)? */
function isWord(packet: Buffer | undefined): boolean {
  return packet !== undefined && /^[A-Za-z]+ /.test(packet.toString("latin1", 0, 32));
}

/** Binds the listener; resolves with the address. Rejects with what to do where the address is taken. */
export function listen(
  server: Server,
  on: { host: string; port: number } | { fd: number },
): Promise<{ host: string; port: number }> {
  const backlog = 4096;
  return new Promise((resolve, reject) => {
    const where = "fd" in on ? `socket ${on.fd}` : `${on.host}:${on.port}`;
    server.once("error", (cause) =>
      reject(
        new AppError(`listen for validator clients on ${where}; free the address or choose another`, {
          code: "gateway-listen",
          cause,
        }),
      ),
    );
    server.listen("fd" in on ? { fd: on.fd, backlog } : { host: on.host, port: on.port, backlog }, () => {
      const address = server.address();
      if (address && typeof address === "object") resolve({ host: address.address, port: address.port });
      else resolve({ host: typeof address === "string" ? address : "", port: 0 });
    });
  });
}
