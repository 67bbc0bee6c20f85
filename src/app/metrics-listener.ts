import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ControlProvider } from "../control/provider.ts";
import { sendText } from "../control/http-messages.ts";
import type { ListenAddress } from "../fleet/listen-address.ts";
import { describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";

export interface MetricsListener {
  /** Where it is bound now; `undefined` while it is not. */
  address(): ListenAddress | undefined;
  stop(): Promise<void>;
}

export interface MetricsListenerOptions {
  listen: ListenAddress;
  source: Pick<ControlProvider, "metrics" | "health">;
  clock: Clock;
  log: Logger;
}

/** How long to wait before a port that could not be bound is tried again. */
export const metricsRetryMs = 10_000;

const serverLimits = { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 75_000 };
const maxConnections = 64;

/**
 * Serves `/metrics` and `/healthz` over TCP for Prometheus. Resolves after the first attempt to bind and never rejects: a
 * port that is taken is logged once and tried again every ten seconds, because the data path must not depend on it.
 */
export async function startMetricsListener(options: MetricsListenerOptions): Promise<MetricsListener> {
  const { listen, clock, log } = options;
  const where = { host: listen.host, port: listen.port };
  let server: Server | undefined;
  let isStopped = false;
  let wasRefused = false;
  let cancelRetry = () => {};
  let attempt = Promise.resolve();

  async function tryOnce(): Promise<void> {
    try {
      const bound = await bind(options);
      if (isStopped) return void bound.close();
      server = bound;
      bound.on("error", (error) => log.error({ ...where, error: describeError(error) }, "the metrics listener failed"));
      log.info(addressOf(bound), wasRefused ? "metrics listening again" : "metrics listening");
    } catch (error) {
      if (isStopped) return;
      if (!wasRefused)
        log.error(
          { ...where, error: describeError(error) },
          "metrics cannot be served: stop what uses the address, or set another gateway.metricsListen. The gateway serves without; it tries again every 10 s",
        );
      wasRefused = true;
      cancelRetry = clock.after(metricsRetryMs, () => void (attempt = tryOnce()));
    }
  }

  attempt = tryOnce();
  await attempt;
  return {
    address: () => server && addressOf(server),
    async stop() {
      isStopped = true;
      cancelRetry();
      await attempt;
      const closing = server;
      if (!closing) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      closing.closeAllConnections();
      await closed;
    },
  };
}

function bind({ listen, source, log }: MetricsListenerOptions): Promise<Server> {
  const server = createServer(serverLimits, (request, response) => {
    answer(request.method, request.url, response, source).catch((error: unknown) => {
      log.error({ error: describeError(error) }, "answering a request for metrics failed");
      if (response.headersSent) response.destroy();
      else sendText(response, 500, "The metrics could not be read; the log says why.\n", plain);
    });
  });
  server.maxConnections = maxConnections;
  server.on("clientError", (_error, socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: listen.host, port: listen.port, backlog: 64 }, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

const plain = "text/plain; charset=utf-8";

async function answer(
  method: string | undefined,
  url: string | undefined,
  response: ServerResponse,
  source: MetricsListenerOptions["source"],
): Promise<void> {
  if (method !== "GET" && method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return sendText(response, 405, "Only GET is answered here.\n", plain);
  }
  switch (url?.split("?")[0]) {
    case "/metrics":
      return sendText(response, 200, await source.metrics(), "text/plain; version=0.0.4; charset=utf-8");
    case "/healthz": {
      const { isHealthy, detail } = source.health();
      return sendText(response, isHealthy ? 200 : 503, `${detail}\n`, plain);
    }
    default:
      return sendText(response, 404, "Here are /metrics and /healthz.\n", plain);
  }
}

function addressOf(server: Server): ListenAddress {
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
}
