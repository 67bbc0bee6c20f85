import { Registry } from "prom-client";
import type { ControlProvider } from "../control/provider.ts";
import { upstreamConfigs } from "./config-mapping.ts";
import { createGatewayActions } from "./gateway-actions.ts";
import { registerGatewayMetrics } from "./gateway-metrics.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { createGatewayRings } from "./gateway-rings.ts";
import { groupUrl } from "./group-status.ts";
import { startProcessHealth } from "./process-health.ts";
import { registerProcessMetrics, type ConfigState } from "./process-metrics.ts";
import type { RoleParts, RunningRole } from "./run-role.ts";
import { refuseChanges } from "./upgrade/refuse-changes.ts";
import { watchDrains } from "./watch-drains.ts";
import { wireFaults } from "./wire-faults.ts";
import { wireGroups } from "./wire-groups.ts";
import { wireHandover } from "./wire-handover.ts";
import { wirePeople } from "./wire-people.ts";
import { wireSideDoors } from "./wire-side-doors.ts";
import { wireStatus } from "./wire-status.ts";

/**
 * The data path, in the order in which data flows: beacon nodes → upstream group → gateway group → validator clients; and
 * to the side, transitions and evidence → rings → control → monitor. No store and no monitor is needed for any of it.
 */
export async function wireGateway(role: RoleParts, parts: GatewayParts): Promise<RunningRole> {
  const { clock, random, log, version } = role;
  // As it was at the start: a reload replaces the nodes of running groups and what `diffConfig` calls live besides.
  const { config } = role.loaded;
  const gateway = config.gateway.name;
  const startedAt = clock.now();
  const configState: ConfigState & { revision: string } = {
    ...{ error: undefined, loadedAt: startedAt, revision: role.loaded.revision },
  };
  let isReplaced = false;
  let isStarted = false;
  let stopDrains = () => {};

  const metrics = new Registry();
  const health = startProcessHealth(clock);
  const rings = createGatewayRings();
  const { operatorStates, audit, audited } = wirePeople(config, clock, log);
  const wired = wireGroups(role, parts, { operatorStates, rings, metrics });
  const { groups } = wired;

  const { status, groupStatuses } = wireStatus({
    ...{ gateway, version, startedAt, groups, operatorStates, rings, health, clock },
    faultsOf: (group) => faults.ofGroup(group),
    isStarted: () => isStarted,
    config: () => configState,
  });
  const faults = wireFaults({
    ...{ gateway, isAllowed: config.gateway.allowFaults, startedAt, groups, groupStatuses },
    ...{ nodes: upstreamConfigs(config), audit, clock, random, log, changed: rings.changed },
  });
  const asked = { gateway, groups, operatorStates, audited, clock, log, changed: rings.changed };
  const provider: ControlProvider = {
    status,
    transitions: (after, limit) => rings.transitions.readAfter(after, limit),
    evidence: (after, limit) => rings.evidence.readAfter(after, limit),
    arrivals: (after, limit) => rings.arrivals.readAfter(after, limit),
    onChange: rings.onChange,
    onTransition: rings.onTransition,
    ...createGatewayActions({ ...asked, faults: faults.actions }),
    metrics: () => metrics.metrics(),
    health: () => ({ isHealthy: groups.size > 0, detail: groups.size > 0 ? "ok" : "no listener is open" }),
  };
  const guarded = refuseChanges(provider, () => isReplaced);
  const doors = wireSideDoors({ config: config.gateway, control: guarded, metrics: provider, clock, log });
  const stopCounting = registerGatewayMetrics(metrics, clock, groupStatuses);
  registerProcessMetrics(metrics, "gateway", version, health, () => configState);

  const handover = wireHandover({
    ...{ groups, doors },
    async rest() {
      isReplaced = true;
      stopDrains();
      await Promise.all(groupStatuses().flatMap((each) => (each.faults ?? []).map(({ id }) => provider.stopFault(id))));
    },
    goOn() {
      stopDrains = watchDrains(asked);
      isReplaced = false;
    },
  });

  async function start(): Promise<void> {
    // Before the listeners, so that a second gateway on the same data is refused before it serves anything.
    if (!role.takeOver) await doors.openControl();
    wired.watch();
    if (role.takeOver) {
      await role.takeOver(wired.upstreams);
      const problem = operatorStates.reload();
      if (problem) log.error(problem);
      audit.reload();
      wired.readStatesAnew();
      await doors.openControl();
    }
    await wired.listen();
    isStarted = true;
    stopDrains = watchDrains(asked);
    // After the groups: the data path never waits for it.
    await doors.openMetrics();
  }

  async function stop(): Promise<void> {
    stopDrains();
    await faults.endAll();
    const running = [...groups.values()];
    await Promise.all(running.map(({ proxy }) => proxy.drain()));
    await doors.close();
    await Promise.all(running.map(({ proxy }) => proxy.stop()));
    await faults.close();
    await wired.stopUpstreams();
    stopCounting();
    health.stop();
  }

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    greeting: [...groups.values()]
      .map((group) => `Group ${group.name} serves validator clients on ${groupUrl(group)}\n`)
      .join(""),
    stop,
    handover,
    reconfigure(next) {
      configState.revision = next.revision;
      configState.loadedAt = clock.now();
      wired.reconfigure(next.config, faults.nodesChange);
      doors.renewCertificate(next.config.gateway);
      rings.changed();
    },
    showConfigError(message) {
      configState.error = message;
      rings.changed();
    },
  };
}
