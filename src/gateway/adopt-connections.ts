import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import type { ClientSockets } from "./client-sockets.ts";
import type { GatewaySettings } from "./settings.ts";

export interface Adopter {
  /** Serves a connection of which nothing of its next request has been read. */
  adopt(socket: Socket): void;
  /** It never listens; for asking which of its connections are idle. */
  readonly server: Server;
  stop(): void;
}

const forwarded = ["request", "checkContinue", "checkExpectation", "clientError", "connect"] as const;

/**
 * Serves connections that another process accepted, with the handlers of `main`. It is a server of its own because `main`
 * would take an idle connection for a new one and cut it when no request came within its limit for the first headers.
 */
export function createAdopter(main: Server, sockets: ClientSockets, settings: GatewaySettings): Adopter {
  const server = createServer({
    keepAliveTimeout: settings.keepAliveMs,
    headersTimeout: 0,
    requestTimeout: 0,
    maxHeaderSize: 16_384,
    requireHostHeader: true,
  });
  // Instead of the limits above: a connection on which nothing moves for so long is closed, as an idle one is.
  server.timeout = settings.keepAliveMs;
  for (const event of forwarded) server.on(event, (...args: unknown[]) => main.emit(event, ...args));
  // Node begins to follow which connections are idle when a server begins to listen.
  server.emit("listening");
  return {
    server,
    adopt(socket) {
      sockets.open(socket);
      server.emit("connection", socket);
    },
    stop: () => void server.close(),
  };
}
