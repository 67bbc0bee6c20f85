import type { SignalPorts } from "../../api/routes-signals.ts";
import { describeError } from "../../lib/app-error.ts";
import { followHosts, type HostFollower } from "../../signals/hosts/follow-hosts.ts";
import { followLogs, type LogFollower } from "../../signals/logs/follow-logs.ts";
import type { ValidConfig } from "../config/load.ts";
import { createFleetIo } from "../fleet-io.ts";
import type { LogEvidence } from "../duties/add-log-evidence.ts";
import type { RoleParts } from "../run-role.ts";

export interface WiredSignals {
  ports: SignalPorts;
  hosts: HostFollower["hosts"];
  logs: LogFollower["logs"];
  /** Known lines that were read. */
  events: LogFollower["events"];
  /** The newest three. */
  evidenceFor: LogEvidence;
  reconfigure(next: ValidConfig): void;
  stop(): Promise<void>;
}

const mostRows = 3;

/** Machines and logs: read from the start on, shown by the API, and evidence for causes. */
export function wireSignals(role: RoleParts, isFinalityLate: () => boolean | undefined): WiredSignals {
  const { clock, random, log } = role;
  const { config } = role.loaded;
  const { io, close } = createFleetIo(clock);
  const onError = (what: string) => (error: unknown) => log.error({ error: describeError(error) }, `${what} failed`);
  const hosts = followHosts({ config, get: io.get, clock, isFinalityLate, onError: onError("reading machines") });
  const logs = followLogs({ logs: config.logs, get: io.get, clock, random, onError: onError("reading a log") });
  let changing: Promise<void> = Promise.resolve();

  return {
    ports: {
      hosts: () => ({ at: clock.now(), hosts: hosts.hosts() }),
      logs: ({ from, to, source, node, limit }) => ({
        ...{ at: clock.now(), catalogueVersion: logs.catalogueVersion, logs: logs.logs() },
        events: logs.events({
          limit,
          ...(from !== undefined && { fromAt: from }),
          ...(to !== undefined && { toAt: to }),
          ...(source !== undefined && { source }),
          ...(node !== undefined && { node }),
        }),
      }),
    },
    hosts: hosts.hosts,
    logs: logs.logs,
    events: logs.events,
    evidenceFor: (about, fromAt, toAt) =>
      logs
        .events({ ...about, fromAt, toAt, limit: mostRows })
        .map(({ source, at, means, line }) => ({ origin: `log:${source}`, at, text: `${means} "${line}"` })),
    reconfigure({ config: next }) {
      hosts.reconfigure(next);
      changing = changing.then(() => logs.reconfigure(next.logs)).catch(onError("reading logs anew"));
    },
    async stop() {
      hosts.stop();
      await changing;
      await logs.stop();
      await close();
    },
  };
}
