import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Duplex } from "node:stream";
import { Server as NetServer, type Socket } from "node:net";
import { AppError } from "../lib/app-error.ts";
import { createClientSockets, type ClientSockets } from "./client-sockets.ts";
import { createBulkPlaces } from "./clients/bulk-places.ts";
import { createClientBook, type ClientIdentity, type ClientRules, type ClientTally } from "./clients/client-book.ts";
import { compileRules } from "./clients/route-rules.ts";
import type { GroupContext } from "./context.ts";
import { Exchange } from "./exchange.ts";
import { admit, createResolver } from "./http/admit.ts";
import { checkHeaders } from "./http/check-headers.ts";
import { receiveBody } from "./http/receive-body.ts";
import { originForm } from "./http/normalise-path.ts";
import { answerUnreadable } from "./http/client-errors.ts";
import { rawError, replyError } from "./http/replies.ts";
import { notAfter, secureContext, serverTls, type TlsTexts } from "./http/tls.ts";
import type { Matcher } from "./routes/match.ts";
import { serveExchange, type GroupMemory } from "./serve-exchange.ts";
import { createQuickLane, type QuickLane } from "./lane/quick-lane.ts";

export interface Listener {
  readonly server: Server | TlsServer;
  readonly sockets: ClientSockets;
  /** For connections that another process accepted: it stands between them and their HTTP server too. */
  readonly lane: QuickLane;
  /** From now on every answer closes its connection. */
  leave(): void;
  /** Takes over other clients and lists; connections stay open. */
  replaceClients(rules: ClientRules): void;
  /** New handshakes use these; connections stay open. Throws on texts that are none; does nothing where there was no TLS. */
  replaceTls(texts: TlsTexts): void;
  /** `undefined` for plain HTTP. */
  certificateEndsAt(): number | undefined;
  tallies(): Iterable<ClientTally>;
  /** Ends the connections that are not yet, or no longer, a client's. */
  cutHandshakes(): void;
}

/** The HTTP server in front: judges each request, reads its body, and hands it to its policy. Not yet listening. */
export function createListener(context: GroupContext, matcher: Matcher, memory: GroupMemory, tls?: TlsTexts): Listener {
  const { settings, counters } = context;
  const book = createClientBook(settings, (rules) => createResolver(matcher, settings, compileRules(rules)));
  const sockets = createClientSockets(book, settings.maxConnections);
  const lane = createQuickLane({ context, sharing: () => memory.sharing, serve: begin });
  const places = createBulkPlaces(settings, () => context.upstream.view().ready.length);
  const idBase = Math.floor(context.random() * 0xffffffff).toString(36);
  let lastId = 0;
  const handshaking = new Set<Socket>();
  let certificateEndsAt = tls && notAfter(tls);
  let isLeaving = false;
  let warnAt = -Infinity;

  const options = {
    keepAliveTimeout: settings.keepAliveMs,
    headersTimeout: settings.headersTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(2_000, settings.headersTimeoutMs / 2),
    maxHeaderSize: 16_384,
    requireHostHeader: true,
    noDelay: true,
    // Finds out in time that the other end of an idle connection is gone without a word.
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  };
  const secure = tls && createTlsServer({ ...options, ...serverTls(tls, settings.headersTimeoutMs) });
  const server: Listener["server"] = secure ?? createServer(options);
  server.maxConnections = settings.maxConnections;

  function open(socket: Socket): void {
    sockets.open(socket);
    if (!socket.destroyed) lane.attach(sockets.of(socket));
  }

  function refuse(res: ServerResponse, status: number, reason: Parameters<typeof replyError>[2], requestId = ""): void {
    counters.refusedBeforeRouting++;
    // What follows on this connection cannot be trusted to be a request of its own.
    replyError(res, status, reason, { requestId, isLast: status !== 403 && status !== 401 });
  }

  function refuseStranger(res: ServerResponse, identity: ClientIdentity, requestId: string): void {
    identity.tally.refused++;
    if (!book.hasTokens) return refuse(res, 403, "client-unknown", requestId);
    res.setHeader("www-authenticate", ["Bearer", 'Basic realm="beacon node"']);
    refuse(res, 401, "client-unknown", requestId);
  }

  function onRequest(req: IncomingMessage, res: ServerResponse, expectsContinue = false): void {
    const client = sockets.of(req.socket);
    if (client.active.length >= settings.maxPipelined) return refusePipelined(req, res);
    const headers = checkHeaders(req.rawHeaders);
    if (headers.requestId === "") headers.requestId = `${idBase}-${(++lastId).toString(36)}`;
    const identity = sockets.identify(client, headers.authorization);
    identity.tally.requests++;
    if (book.mustBeKnown && !identity.isKnown && headers.refusal === undefined)
      return refuseStranger(res, identity, headers.requestId);
    if (req.url?.startsWith("/") === false) req.url = originForm(req.url, req.headers.host) ?? req.url;
    const admission = admit(req, headers, identity.resolve, settings);
    if (admission.kind === "refused") {
      if (admission.reason === "route-denied") identity.tally.refused++;
      return refuse(res, admission.status, admission.reason, headers.requestId);
    }
    const { match, bodyLimit } = admission;
    headers.forward.push("x-request-id", headers.requestId);
    if (isLeaving) {
      // Only the last answer on a connection may end it: what was sent behind an earlier one would get none.
      const before = client.active.at(-1);
      if (before && !before.res.headersSent) before.res.shouldKeepAlive = before.req.httpVersionMinor > 0;
      res.shouldKeepAlive = false;
    }
    const exchange = new Exchange(context, req, res, client, match, headers);
    client.lane?.admitted(exchange);
    if (!mayEnter(exchange)) return;
    if (expectsContinue) res.writeContinue();
    if (req.method !== "POST") return serve(exchange);
    if (!headers.hasBody) {
      exchange.body = null;
      req.resume();
      return serve(exchange);
    }
    receiveBody(exchange, req, bodyLimit, serve);
  }

  /** Serves a request that the quick lane has taken. */
  function begin(exchange: Exchange): void {
    if (mayEnter(exchange)) serve(exchange);
  }

  /** Is there a place for it among the bulk requests, where it needs one? Answered with 503 otherwise. */
  function mayEnter(exchange: Exchange): boolean {
    const place = places.of(exchange.route);
    if (place === undefined) return true;
    if (!place.enter(exchange.identity)) {
      refuseForLoad(exchange);
      return false;
    }
    exchange.place = place;
    return true;
  }

  function refuseForLoad(exchange: Exchange): void {
    const { tally, name } = exchange.identity;
    tally.overloaded++;
    const now = context.clock.monotonic();
    if (now > warnAt) {
      warnAt = now + 10_000;
      context.log.warn({ client: name, route: exchange.route.id }, "too many bulk requests at once: refused with 503");
    }
    exchange.fail(503, "overloaded", "bulk requests");
  }

  function serve(exchange: Exchange): void {
    try {
      serveExchange(exchange, memory);
    } catch (error) {
      context.log.error(
        { err: error, requestId: exchange.headers.requestId, route: exchange.route.id },
        "serving a request failed",
      );
      // An event stream's client may take 500 for final and never come back.
      exchange.fail(exchange.route.policy === "events" ? 503 : 500, "internal");
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

  if (secure) {
    server.on("connection", (socket: Socket) => {
      handshaking.add(socket);
      socket.once("close", () => handshaking.delete(socket));
    });
    server.on("secureConnection", (socket: Socket) => open(socket));
    server.on("tlsClientError", (_error: Error, socket: Socket) => {
      counters.refusedBeforeRouting++;
      socket.destroy();
    });
  } else server.on("connection", (socket: Socket) => open(socket));
  server.on("request", (req: IncomingMessage, res: ServerResponse) => onRequest(req, res));
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => onRequest(req, res, true));
  server.on("checkExpectation", (_req: IncomingMessage, res: ServerResponse) =>
    refuse(res, 417, "unknown-expectation"),
  );
  server.on("clientError", (error: Error, socket: Duplex) => {
    counters.refusedBeforeRouting++;
    answerUnreadable(error, socket, context.clock);
  });
  server.on("connect", (_req: IncomingMessage, socket: Duplex) => socket.end(rawError(405, "method-not-allowed")));

  return {
    server,
    sockets,
    lane,
    leave: () => {
      isLeaving = true;
      lane.close();
      sockets.leave();
      // Not the HTTP server's own close: it cuts idle connections, and a request may be on its way on one of them.
      NetServer.prototype.close.call(server);
    },
    replaceClients(rules) {
      lane.reset();
      book.replace(rules);
    },
    replaceTls(texts) {
      if (!secure) return;
      secure.setSecureContext(secureContext(texts));
      certificateEndsAt = notAfter(texts);
    },
    certificateEndsAt: () => certificateEndsAt,
    tallies: () => book.tallies(),
    cutHandshakes() {
      for (const socket of handshaking) socket.destroy();
    },
  };
}

/** Binds the listener; resolves with the address. Rejects with what to do where the address is taken. */
export function listen(
  server: Listener["server"],
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
