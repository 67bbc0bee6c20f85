import { join } from "node:path";
import { Registry } from "prom-client";
import { openOperatorStates } from "../control/operator-states.ts";
import type { ControlProvider } from "../control/provider.ts";
import { startControlServer, type ControlServer } from "../control/server.ts";
import { controlVersion, type GatewayStatus } from "../control/types.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { NodeGroup } from "../fleet/types.ts";
import type { UpstreamGroupConfig } from "../upstream/types.ts";
import { gatewaySettingsOf, upstreamConfigs } from "./config-mapping.ts";
import { createGatewayRings } from "./gateway-rings.ts";
import { registerGatewayMetrics } from "./gateway-metrics.ts";
import { startMetricsListener, type MetricsListener } from "./metrics-listener.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { groupStatusOf, type RunningGroup } from "./group-status.ts";
import { openOperatorAudit } from "./operator-audit.ts";
import { groupListener, listenOn } from "./inherited-listeners.ts";
import { startProcessHealth } from "./process-health.ts";
import { registerProcessMetrics, type ConfigState } from "./process-metrics.ts";
import type { RoleParts, RunningRole } from "./run-role.ts";

/**
 * The data path, in the order in which data flows: beacon nodes → upstream group → gateway group → validator clients; and
 * to the side, transitions and evidence → rings → control → monitor. No store and no monitor is needed for any of it.
 */
export async function wireGateway(role: RoleParts, parts: GatewayParts): Promise<RunningRole> {
  const { clock, random, log, version } = role;
  // As it was at the start: a reload replaces the nodes of running groups and nothing else (see `diffConfig`).
  const { config } = role.loaded;
  let { revision } = role.loaded;
  const startedAt = clock.now();
  const configState: ConfigState = { error: undefined, loadedAt: startedAt };
  const health = startProcessHealth(clock);
  const metrics = new Registry();
  const rings = createGatewayRings();
  const operatorStates = openOperatorStates(join(config.server.dataFolder, `${config.gateway.name}.operator.json`));
  if (operatorStates.warning) log.error(operatorStates.warning);
  const audit = openOperatorAudit(join(config.server.dataFolder, `${config.gateway.name}.audit.jsonl`));
  if (audit.warning) log.error(audit.warning);
  const groups = new Map<string, RunningGroup>();

  function status(): GatewayStatus {
    const stats = [...groups.values()].map(({ proxy }) => proxy.stats());
    const sum = (read: (one: (typeof stats)[number]) => number) => stats.reduce((total, one) => total + read(one), 0);
    return {
      controlVersion,
      gateway: config.gateway.name,
      version,
      startedAt,
      at: clock.now(),
      configRevision: revision,
      ...(configState.error === undefined ? {} : { configError: configState.error }),
      groups: [...groups.values()].map(groupStatusOf),
      process: {
        ...health.read(),
        openClientSockets: sum((one) => one.openSockets),
        inFlightRequests: sum((one) => one.inFlight),
      },
      lastTransitionSeq: rings.transitions.lastSeq,
      lastEvidenceSeq: rings.evidence.lastSeq,
    };
  }

  const provider: ControlProvider = {
    status,
    transitions: (after, limit) => rings.transitions.readAfter(after, limit),
    evidence: (after, limit) => rings.evidence.readAfter(after, limit),
    onChange: rings.onChange,
    onTransition: rings.onTransition,
    setOperatorState(groupName, node, state, by) {
      const group = groups.get(groupName);
      if (!group)
        throw new AppError(`set ${node} to ${state}: this gateway has no group ${groupName}`, {
          code: "unknown-group",
        });
      if (!group.upstream.status(node))
        throw new AppError(`set ${node} to ${state}: group ${groupName} has no such node`, { code: "unknown-node" });
      // On disk first: a crash at any point leaves who asked for what, and what was acknowledged survives it.
      const asked = { actor: by, action: `node.${state}`, target: `${config.gateway.name}/${groupName}/${node}` };
      const { id } = audit.append({ ...asked, at: clock.now(), result: "asked" });
      const ended = (result: string) => {
        try {
          audit.append({ ...asked, at: clock.now(), result: `${result} (asked in record ${id})` });
        } catch (error) {
          // Done or refused it is all the same; that it was asked is on disk.
          log.error({ ...asked, result, error: describeError(error) }, "the audit could not record an outcome");
        }
      };
      try {
        operatorStates.set({ group: groupName, node, state, by, at: clock.now() });
      } catch (error) {
        ended(`failed: ${describeError(error)}`);
        throw error;
      }
      group.upstream.setOperatorState(node, state, by);
      ended("done");
      log.info({ group: groupName, node, state, by }, "operator state set");
      rings.changed();
    },
    hold: (name, reason, by) => groups.get(name)?.proxy.safety.hold(reason, by),
    release: (name, by) => groups.get(name)?.proxy.safety.release(by),
    resetWatermark: (name, by) => groups.get(name)?.proxy.safety.resetWatermark(by),
    chooseBranch: (name, root, by) => groups.get(name)?.upstream.chooseBranch(root, by),
    startFault: () => Promise.reject(new AppError("begin a fault: not wired", { code: "faults-not-allowed" })),
    renewFault() {
      throw new AppError("renew a fault: not wired", { code: "unknown-fault" });
    },
    stopFault: () => Promise.resolve(),
    metrics: () => metrics.metrics(),
    health: () => ({ isHealthy: groups.size > 0, detail: groups.size > 0 ? "ok" : "no listener is open" }),
  };

  async function startGroup(group: NodeGroup, upstreamConfig: UpstreamGroupConfig): Promise<void> {
    const groupLog = log.child({ group: group.name });
    const upstream = parts.startUpstreamGroup({
      ...{ config: upstreamConfig, clock, random, log },
      loadOperatorStates: () => operatorStates.ofGroup(group.name),
    });
    try {
      upstream.onTransition(rings.record);
      upstream.onView(rings.changed);
      // Each node's own head is shown too: without this the others look a slot behind until the next change.
      upstream.onEvent(({ topic }) => void (topic === "head" && rings.changed()));
      const proxy = await parts.startGatewayGroup({
        name: group.name,
        listen: listenOn(role.inherited, groupListener(group.name), group.listen),
        upstream,
        nodes: upstreamConfig.nodes,
        settings: gatewaySettingsOf(config),
        evidence: rings.evidence,
        metrics,
        replayStorePath: join(
          config.server.dataFolder,
          `${config.gateway.name}.${encodeURIComponent(group.name)}.replay.json`,
        ),
        gatewayVersion: version,
        clock,
        random,
        log: groupLog,
      });
      groups.set(group.name, { name: group.name, upstream, proxy });
      log.info({ group: group.name, ...proxy.address }, "listening for validator clients");
    } catch (error) {
      await upstream.stop();
      throw error;
    }
  }

  /** Open before the listeners, so that a second gateway on the same data is refused before it serves anything. */
  async function startControl(): Promise<ControlServer | undefined> {
    const { control } = config.gateway;
    try {
      return await startControlServer(
        control.kind === "tcp" ? { ...control, token: control.token.reveal() } : control,
        provider,
        clock,
        (error) => log.error({ error: describeError(error) }, "the control listener failed; it goes on"),
      );
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith("control-")) throw error;
      // A full or read-only disk must not stop the data path: validator clients come first.
      log.error({ error: describeError(error) }, "control cannot be opened; the gateway serves without it");
      return undefined;
    }
  }

  const stopCounting = registerGatewayMetrics(metrics, clock, () => [...groups.values()].map(groupStatusOf));
  registerProcessMetrics(metrics, "gateway", version, health, () => configState);
  const control = await startControl();
  let metricsListener: MetricsListener | undefined;

  async function stop(): Promise<void> {
    const running = [...groups.values()];
    await Promise.all(running.map(({ proxy }) => proxy.drain()));
    await metricsListener?.stop();
    await control?.stop();
    await Promise.all(running.map(({ proxy }) => proxy.stop()));
    await Promise.all(running.map(({ upstream }) => upstream.stop()));
    stopCounting();
    health.stop();
  }

  try {
    const configs = upstreamConfigs(config);
    for (const group of config.groups) {
      const upstreamConfig = configs.get(group.name);
      if (upstreamConfig) await startGroup(group, upstreamConfig);
    }
    // After the groups: the data path never waits for it.
    const listen = config.gateway.metricsListen;
    if (listen) metricsListener = await startMetricsListener({ listen, source: provider, clock, log });
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    greeting: [...groups.values()]
      .map(
        ({ name, proxy: { address } }) =>
          `Group ${name} serves validator clients on http://${address.host}:${address.port}\n`,
      )
      .join(""),
    stop,
    reconfigure(next) {
      ({ revision } = next);
      configState.loadedAt = clock.now();
      // Groups that came or went wait for the next start: they open or close a listener.
      for (const [name, upstreamConfig] of upstreamConfigs({ ...next.config, network: config.network })) {
        const running = groups.get(name);
        if (!running) continue;
        running.upstream.reconfigure(upstreamConfig);
        running.proxy.reconfigure(upstreamConfig.nodes);
      }
      rings.changed();
    },
    showConfigError(message) {
      configState.error = message;
      rings.changed();
    },
  };
}
