import type { AddressInfo } from "node:net";
import { fastify, type FastifyInstance } from "fastify";
import { describeError, AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { accessRoutes } from "./routes-access.ts";
import { auditedChanges } from "./audited.ts";
import { answerOfError } from "./errors.ts";
import { admit } from "./admit.ts";
import { publishOpenApi } from "./openapi.ts";
import { loggedPath } from "./logged-path.ts";
import type { ApiPorts } from "./ports.ts";
import { drillRoutes } from "./routes-drills.ts";
import { dutyRoutes } from "./routes-duties.ts";
import { groupRoutes } from "./routes-groups.ts";
import { inboundRoutes } from "./routes-inbound.ts";
import { nodeRoutes } from "./routes-nodes.ts";
import { respondRoutes } from "./routes-respond.ts";
import { signalRoutes } from "./routes-signals.ts";
import { readRoutes } from "./routes-read.ts";
import { securityHeaders } from "./security-headers.ts";
import { staticPages } from "./static-pages.ts";
import { liveStream } from "./stream.ts";

export interface ApiServerOptions {
  /** An address, or a socket that was bound by the supervisor. */
  listen: { host: string; port: number } | { fd: number };
  ports: ApiPorts;
  /** Folder of the built page. */
  webRoot: string;
  version: string;
  clock: Clock;
  log: Logger;
}

export interface ApiServer {
  readonly address: { host: string; port: number };
  readonly streamClients: number;
  stop(): Promise<void>;
}

/** Browsers, scripts and scrapers of one team fit many times over. */
const maxConnections = 1_024;

/** Starts the API and the page. Throws `AppError` `listen-failed`. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { ports, clock, log, version, webRoot } = options;
  const app = fastify({
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    // Names have up to 200 characters, the token of a signed link more.
    routerOptions: { maxParamLength: 500 },
  });
  // The schemas describe and check what comes in; what goes out is ours, and the tests hold it against them.
  app.setSerializerCompiler(() => JSON.stringify);
  guard(app, ports, log);
  publishOpenApi(app, version);
  readRoutes(app, ports, clock);
  dutyRoutes(app, ports.duties);
  signalRoutes(app, ports.signals);
  const change = auditedChanges(ports, clock, log);
  nodeRoutes(app, ports, change);
  groupRoutes(app, ports, change);
  drillRoutes(app, ports, change);
  accessRoutes(app, ports, change, clock);
  respondRoutes(app, ports.respond, change, clock);
  inboundRoutes(app, ports.respond, { ports, clock, log });
  const stream = liveStream(app, ports, clock);
  await staticPages(app, webRoot);
  await app.ready();
  await listen(app, options.listen);
  app.server.maxConnections = maxConnections;
  // Without a listener the next error of the socket (no file handles left, say) would end the monitor.
  app.server.on("error", (error) =>
    log.error({ error: describeError(error) }, "the API's listener failed; it goes on"),
  );
  const { address, port } = app.server.address() as AddressInfo;
  return {
    address: { host: address, port },
    get streamClients() {
      return stream.clients;
    },
    async stop() {
      stream.stop();
      const closed = new Promise<void>((resolve) => app.server.close(() => resolve()));
      app.server.closeIdleConnections();
      const cancel = clock.after(2_000, () => app.server.closeAllConnections());
      await closed;
      cancel();
      await app.close();
    },
  };
}

/** Access, headers and errors: the same for every route, before any of them. */
function guard(app: FastifyInstance, ports: ApiPorts, log: Logger): void {
  app.decorateRequest("actor", "");
  app.decorateRequest("identity", undefined);
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders);
    await admit(request, reply, ports, log);
  });
  app.addHook("onSend", async (request, reply) => {
    if (request.url.startsWith("/api/") && !reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = answerOfError(error);
    if (body.error.code === "internal")
      log.error({ error: describeError(error), path: loggedPath(request.url) }, "answering a request failed");
    void reply.code(status).type("application/json; charset=utf-8").send(body);
  });
}

/** On Fastify's own server rather than through `listen`, which knows no file descriptors. */
async function listen(app: FastifyInstance, on: ApiServerOptions["listen"]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error) => {
      const where = "fd" in on ? `the supervisor's socket ${on.fd}` : `${on.host}:${on.port}`;
      reject(
        new AppError(
          `listen on ${where} for the web UI and API. If another program uses it, choose another server.listen.`,
          { code: "listen-failed", cause },
        ),
      );
    };
    app.server.once("error", refuse);
    app.server.listen({ ...on, backlog: 512 }, () => (app.server.off("error", refuse), resolve()));
  });
}
