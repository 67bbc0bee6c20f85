import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import { forward } from "./forward.ts";
import { createLinks } from "./links.ts";
import { createReplacer } from "./replacer.ts";
import { startFault } from "./registry.ts";
import { openTarget } from "./target.ts";
import type { ActiveFault, Exchange, Fault } from "./types.ts";

export interface FaultProxyOptions {
  /** Base URL of the beacon node, http or https; may hold a path prefix. */
  targetUrl: string;
  /** Sent with the proxy's own questions to the node, which chain faults begin with; clients send theirs themselves. */
  headers?: Readonly<Record<string, string>>;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  /** Default 127.0.0.1 and a free port. */
  listen?: { host: string; port: number };
}

export interface FaultProxyStats {
  connections: number;
  openConnections: number;
  /** Event streams that are open through the proxy. */
  openStreams: number;
  requests: number;
  /** Requests that a fault answered, changed or cut. */
  faulted: number;
}

/** A proxy in front of one beacon node that shows a fault on demand, so that every route to the node sees the same. */
export interface FaultProxy {
  readonly url: string;
  readonly stats: Readonly<FaultProxyStats>;
  /**
   * Begins a fault, or ends it with `undefined`; resolves when it is in effect. Rejects with AppError, and leaves the
   * fault before it in place, when a chain fault cannot read the target's head.
   */
  set(fault: Fault | undefined): Promise<void>;
  current(): Fault | undefined;
  /** Closes every open connection at once, so that clients meet a new fault immediately. */
  cutSockets(): void;
  /** Ends everything that is open; later calls return the same promise. */
  stop(): Promise<void>;
}

/** Starts the proxy. Without a fault it passes bodies through as they come. Throws AppError when it cannot listen. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const target = openTarget(options.targetUrl, options.clock, options.headers);
  const active = createReplacer<ActiveFault | undefined>(undefined);
  const sockets = new Set<Socket>();
  const links = createLinks(target);
  const stats: FaultProxyStats = {
    ...{ connections: 0, openConnections: 0, requests: 0, faulted: 0 },
    get openStreams() {
      return [...sockets].filter(links.isStream).length;
    },
  };
  const host = options.listen?.host ?? "127.0.0.1";
  let port = options.listen?.port ?? 0;
  let fault: Fault | undefined;
  let turn: Promise<void> = Promise.resolve();
  let stopping: Promise<void> | undefined;

  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 65_536 });
  server.on("connection", (socket) => {
    stats.connections++;
    sockets.add(socket);
    stats.openConnections = sockets.size;
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      sockets.delete(socket);
      stats.openConnections = sockets.size;
    });
  });
  server.on("request", (req, res) => {
    stats.requests++;
    if (active.value) stats.faulted++;
    void forward(exchangeOf(req, res), { target, links, active, clock: options.clock });
  });

  async function listen(): Promise<void> {
    // After `refuse` the same port is taken again; another program may have taken it, so that a few tries are made.
    for (let attempt = 0; ; attempt++) {
      try {
        server.listen(port, host);
        await once(server, "listening");
        port = (server.address() as AddressInfo).port;
        return;
      } catch (cause) {
        if (attempt >= 20) throw cannotListen(host, port, cause);
        await options.clock.sleep(50);
      }
    }
  }

  function closeSockets(how: "cut" | "reset" | "cut-streams"): void {
    for (const socket of sockets) {
      if (how === "cut-streams" && !links.isStream(socket)) continue;
      if (how === "reset") socket.resetAndDestroy();
      else socket.destroy();
    }
  }

  async function stopListening(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    closeSockets("cut");
    await closed;
  }

  async function change(next: Fault | undefined): Promise<void> {
    const started = next && (await startFault(next, { ...options, readTarget: target.readJson }));
    if (stopping) return;
    fault = next;
    active.set(started);
    if (started?.isListening === false) await stopListening();
    else if (!server.listening) await listen();
    if (started?.openSockets) closeSockets(started.openSockets);
  }

  async function end(): Promise<void> {
    target.close();
    await turn;
    // Clients are cut before a hang ends: what waits must not reach the target now.
    closeSockets("cut");
    active.set(undefined);
    await stopListening();
    links.closeAll();
  }

  await listen();
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    stats,
    current: () => fault,
    set(next) {
      const mine = turn.then(() => change(next));
      turn = mine.catch(() => undefined);
      return mine;
    },
    cutSockets: () => closeSockets("cut"),
    stop() {
      stopping ??= end();
      return stopping;
    },
  };
}

function exchangeOf(req: IncomingMessage, res: ServerResponse): Exchange {
  const url = req.url ?? "/";
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  return { req, res, path, query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)) };
}

function cannotListen(host: string, port: number, cause: unknown): AppError {
  return new AppError(`Open the fault proxy on ${host}:${port}: the port cannot be used. Free it or choose another.`, {
    code: "fault-proxy-listen",
    cause,
  });
}
