import type { ControlProvider } from "../control/provider.ts";
import { startControlServer, type ControlListen, type ControlServer } from "../control/server.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { SlotkeeperConfig } from "./config.ts";
import { tlsTextsOf } from "./config-mapping.ts";
import { startMetricsListener, type MetricsListener } from "./metrics-listener.ts";

export interface SideDoorParts {
  config: SlotkeeperConfig["gateway"];
  /** What control serves, and what the metrics listener does. */
  control: ControlProvider;
  metrics: ControlProvider;
  clock: Clock;
  log: Logger;
}

/** Where the monitor, commands and Prometheus come in: beside the data path, which serves without them. */
export interface SideDoors {
  /** Control on the unix socket, and on TCP where the config says so; does nothing where it is open. */
  openControl(): Promise<void>;
  openMetrics(): Promise<void>;
  /** The next handshakes of control on TCP use the new config's certificate. */
  renewCertificate(config: SlotkeeperConfig["gateway"]): void;
  close(): Promise<void>;
}

export function wireSideDoors({ config, control, metrics, clock, log }: SideDoorParts): SideDoors {
  const { remote } = config.control;
  let tls = remote?.tls && tlsTextsOf(remote.tls);
  let servers: ControlServer[] = [];
  let metricsListener: MetricsListener | undefined;

  async function openOne(listen: ControlListen): Promise<void> {
    const failed = (error: Error) =>
      log.error({ error: describeError(error) }, "the control listener failed; it goes on");
    try {
      const server = await startControlServer(listen, control, clock, failed);
      servers.push(server);
      if (listen.kind === "tcp") log.info({ host: listen.host, port: server.port }, "control listening on TCP");
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith("control-")) throw error;
      // A full or read-only disk must not stop the data path: validator clients come first.
      log.error({ error: describeError(error) }, "control cannot be opened; the gateway serves without it");
    }
  }

  return {
    async openControl() {
      if (servers.length > 0) return;
      await openOne({ kind: "socket", path: config.control.socket });
      if (!remote) return;
      const { host, port, token } = remote;
      await openOne({ kind: "tcp", host, port, token: token.reveal(), ...(tls && { tls }) });
    },
    async openMetrics() {
      const listen = config.metricsListen;
      if (listen) metricsListener ??= await startMetricsListener({ listen, source: metrics, clock, log });
    },
    renewCertificate({ control: { remote: next } }) {
      if (!tls || !next?.tls) return;
      tls = tlsTextsOf(next.tls);
      for (const server of servers) server.renewCertificate(tls);
    },
    async close() {
      const closing = [metricsListener, ...servers].map((door) => door?.stop() ?? Promise.resolve());
      metricsListener = undefined;
      servers = [];
      await Promise.all(closing);
    },
  };
}
