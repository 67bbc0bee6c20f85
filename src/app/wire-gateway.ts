import { join } from "node:path";
import { Registry } from "prom-client";
import { openOperatorStates } from "../control/operator-states.ts";
import type { ControlProvider } from "../control/provider.ts";
import { startControlServer, type ControlServer } from "../control/server.ts";
import { controlVersion, type GatewayStatus, type GroupStatus } from "../control/types.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import type { NodeGroup } from "../fleet/types.ts";
import type { UpstreamGroup, UpstreamGroupConfig } from "../upstream/types.ts";
import { createAuditedActions } from "./audited-actions.ts";
import { branchChoiceFile } from "./branch-choice-file.ts";
import { clientRulesOf, gatewaySettingsOf, tlsTextsOf, upstreamConfigs } from "./config-mapping.ts";
import { createGatewayActions } from "./gateway-actions.ts";
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
import { refuseChanges } from "./upgrade/refuse-changes.ts";
import type { RoleHandover } from "./upgrade/role-handover.ts";
import { drainsOf, watchDrains } from "./watch-drains.ts";
import { wireFaults } from "./wire-faults.ts";

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
  reportUnfinished();
  const audited = createAuditedActions(audit, clock, log);
  const groups = new Map<string, RunningGroup>();
  const upstreams = new Map<string, UpstreamGroup>();
  let isReplaced = false;
  let isStarted = false;
  const faults = wireFaults({
    ...{ gateway: config.gateway.name, isAllowed: config.gateway.allowFaults, startedAt, groups, groupStatuses },
    ...{ nodes: upstreamConfigs(config), audit, clock, random, log, changed: rings.changed },
  });

  function status(): GatewayStatus {
    // A status without groups would read as a gateway that has none.
    if (!isStarted)
      throw new AppError("show the gateway's status: it is starting, ask again in a moment", {
        code: "starting",
        retryable: true,
      });
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
      groups: groupStatuses(),
      process: {
        ...health.read(),
        openClientSockets: sum((one) => one.openSockets),
        inFlightRequests: sum((one) => one.inFlight),
      },
      lastTransitionSeq: rings.transitions.lastSeq,
      lastEvidenceSeq: rings.evidence.lastSeq,
    };
  }

  function groupStatuses(): GroupStatus[] {
    const marks = operatorStates.marks();
    return [...groups.values()].map((group) => {
      const shown = faults.ofGroup(group.name);
      return { ...groupStatusOf(group, drainsOf(group, marks)), ...(shown.length > 0 ? { faults: shown } : {}) };
    });
  }

  /** A crash in the middle of an action must not be the last that anybody hears of it. */
  function reportUnfinished(): void {
    for (const { id, at, actor, action, target } of audit.unfinished.slice(-10))
      log.warn(
        { record: id, at: new Date(at).toISOString(), actor, action, target },
        "asked for before the last stop, and its outcome was not recorded: look whether it was done",
      );
  }

  const provider: ControlProvider = {
    status,
    transitions: (after, limit) => rings.transitions.readAfter(after, limit),
    evidence: (after, limit) => rings.evidence.readAfter(after, limit),
    onChange: rings.onChange,
    onTransition: rings.onTransition,
    ...createGatewayActions({
      ...{ gateway: config.gateway.name, groups, operatorStates, audited, clock, log, changed: rings.changed },
      faults: faults.actions,
    }),
    metrics: () => metrics.metrics(),
    health: () => ({ isHealthy: groups.size > 0, detail: groups.size > 0 ? "ok" : "no listener is open" }),
  };

  /** Where what a group keeps lies; each kind adds its ending. */
  const groupFiles = (name: string) =>
    join(config.server.dataFolder, `${config.gateway.name}.${encodeURIComponent(name)}`);

  function startUpstream(group: NodeGroup, upstreamConfig: UpstreamGroupConfig): void {
    const branchFile = branchChoiceFile(`${groupFiles(group.name)}.branch.json`, log);
    const upstream = parts.startUpstreamGroup({
      ...{ config: upstreamConfig, clock, random, log },
      loadOperatorStates: () => operatorStates.ofGroup(group.name),
      loadBranchChoice: () => branchFile.load(),
      saveBranchChoice: (choice) => branchFile.save(choice),
    });
    upstreams.set(group.name, upstream);
    upstream.onTransition(rings.record);
    upstream.onView(rings.changed);
    // Each node's own head is shown too: without this the others look a slot behind until the next change.
    upstream.onEvent(({ topic }) => void (topic === "head" && rings.changed()));
  }

  async function startGroup(group: NodeGroup, upstreamConfig: UpstreamGroupConfig | undefined): Promise<void> {
    const groupLog = log.child({ group: group.name });
    const upstream = upstreams.get(group.name);
    if (!upstream || !upstreamConfig) return;
    const proxy = await parts.startGatewayGroup({
      name: group.name,
      listen: listenOn(role.inherited, groupListener(group.name), group.listen),
      upstream,
      nodes: upstreamConfig.nodes,
      settings: { ...gatewaySettingsOf(config), ...clientRulesOf(config, group) },
      ...(group.tls && { tls: tlsTextsOf(group.tls) }),
      evidence: rings.evidence,
      metrics,
      replayStorePath: `${groupFiles(group.name)}.replay.json`,
      safetyStatePath: `${groupFiles(group.name)}.safety.json`,
      gatewayVersion: version,
      clock,
      random,
      log: groupLog,
    });
    groups.set(group.name, { name: group.name, upstream, proxy });
    log.info({ group: group.name, ...proxy.address }, "listening for validator clients");
  }

  /** What people asked of the process before this one, up to the moment at which it let go. */
  function readPeopleAnew(): void {
    operatorStates.reload();
    audit.reload();
    for (const [name, upstream] of upstreams) {
      const states = operatorStates.ofGroup(name);
      for (const { node, operator } of upstream.statuses()) {
        const state = states[node] ?? "active";
        if (state !== operator) upstream.setOperatorState(node, state, "the process before");
      }
    }
  }

  /** Open before the listeners, so that a second gateway on the same data is refused before it serves anything. */
  async function startControl(): Promise<ControlServer | undefined> {
    const { control } = config.gateway;
    try {
      return await startControlServer(
        control.kind === "tcp" ? { ...control, token: control.token.reveal() } : control,
        refuseChanges(provider, () => isReplaced),
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

  const stopCounting = registerGatewayMetrics(metrics, clock, groupStatuses);
  registerProcessMetrics(metrics, "gateway", version, health, () => configState);
  const followDrains = () =>
    watchDrains({
      ...{ gateway: config.gateway.name, groups, operatorStates, audited, clock, log, changed: rings.changed },
    });
  let stopDrains = () => {};
  let control: ControlServer | undefined;
  let metricsListener: MetricsListener | undefined;

  async function openMetrics(): Promise<void> {
    const listen = config.gateway.metricsListen;
    if (listen) metricsListener = await startMetricsListener({ listen, source: provider, clock, log });
  }

  async function closeSideDoors(): Promise<void> {
    const closing = [metricsListener, control].map((door) => door?.stop() ?? Promise.resolve());
    metricsListener = control = undefined;
    await Promise.all(closing);
  }

  async function stop(): Promise<void> {
    stopDrains();
    await faults.endAll();
    const running = [...groups.values()];
    await Promise.all(running.map(({ proxy }) => proxy.drain()));
    await closeSideDoors();
    await Promise.all(running.map(({ proxy }) => proxy.stop()));
    await faults.close();
    await Promise.all([...upstreams.values()].map((upstream) => upstream.stop()));
    stopCounting();
    health.stop();
  }

  const handover: RoleHandover = {
    async prepare() {
      isReplaced = true;
      stopDrains();
      const running = [...groups.values()];
      await Promise.all(
        groupStatuses().flatMap((group) => (group.faults ?? []).map(({ id }) => provider.stopFault(id))),
      );
      return Object.fromEntries(
        running.map(({ name, upstream }) => {
          const { kind, ready } = upstream.view();
          return [name, { view: kind, ready: ready.length }];
        }),
      );
    },
    async giveUp() {
      await Promise.all([...groups.values()].map(({ proxy }) => proxy.handover.giveUp()));
      await closeSideDoors();
    },
    async resume() {
      for (const { proxy } of groups.values()) proxy.handover.resume();
      control ??= await startControl();
      if (!metricsListener) await openMetrics();
      stopDrains = followDrains();
      isReplaced = false;
    },
    passIdle(pass) {
      for (const { name, proxy } of groups.values()) proxy.handover.passIdle((socket) => pass(name, socket));
    },
    adopt(name, socket) {
      const group = groups.get(name);
      if (group) group.proxy.handover.adopt(socket);
      else socket.destroy();
    },
    async takeLeftovers() {
      await Promise.all([...groups.values()].map(({ proxy }) => proxy.handover.takeLeftovers()));
    },
  };

  try {
    const configs = upstreamConfigs(config);
    if (!role.takeOver) control = await startControl();
    for (const group of config.groups) {
      const upstreamConfig = configs.get(group.name);
      if (upstreamConfig) startUpstream(group, upstreamConfig);
    }
    if (role.takeOver) {
      await role.takeOver(upstreams);
      readPeopleAnew();
      control = await startControl();
    }
    for (const group of config.groups) await startGroup(group, configs.get(group.name));
    isStarted = true;
    stopDrains = followDrains();
    // After the groups: the data path never waits for it.
    await openMetrics();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    greeting: [...groups.values()]
      .map(
        ({ name, proxy: { address } }) =>
          `Group ${name} serves validator clients on ${config.groups.find((group) => group.name === name)?.tls ? "https" : "http"}://${address.host}:${address.port}\n`,
      )
      .join(""),
    stop,
    handover,
    reconfigure(next) {
      ({ revision } = next);
      configState.loadedAt = clock.now();
      // Groups that came or went wait for the next start: they open or close a listener.
      for (const [name, upstreamConfig] of upstreamConfigs({ ...next.config, network: config.network })) {
        const running = groups.get(name);
        if (!running) continue;
        faults.nodesChange(name, upstreamConfig.nodes);
        running.upstream.reconfigure(upstreamConfig);
        running.proxy.reconfigure(upstreamConfig.nodes);
        const group = next.config.groups.find((one) => one.name === name);
        if (group) running.proxy.reload(clientRulesOf(next.config, group), group.tls && tlsTextsOf(group.tls));
      }
      rings.changed();
    },
    showConfigError(message) {
      configState.error = message;
      rings.changed();
    },
  };
}
