import { join } from "node:path";
import type { Registry } from "prom-client";
import type { OperatorStates } from "../control/operator-states.ts";
import type { NodeGroup } from "../fleet/types.ts";
import { readArrival } from "../upstream/arrivals.ts";
import type { UpstreamGroup, UpstreamGroupConfig } from "../upstream/types.ts";
import { branchChoiceFile } from "./branch-choice-file.ts";
import { clientRulesOf, gatewaySettingsOf, tlsTextsOf, upstreamConfigs } from "./config-mapping.ts";
import type { SlotkeeperConfig } from "./config.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import type { GatewayRings } from "./gateway-rings.ts";
import type { RunningGroup } from "./group-status.ts";
import { groupListener, listenOn } from "./inherited-listeners.ts";
import type { RoleParts } from "./run-role.ts";

/** The groups of a gateway: beacon nodes → upstream group → gateway group → validator clients. */
export interface WiredGroups {
  /** Those that listen. */
  readonly groups: ReadonlyMap<string, RunningGroup>;
  /** Those whose nodes are watched, which begins earlier. */
  readonly upstreams: ReadonlyMap<string, UpstreamGroup>;
  /** Begins to watch the nodes of every group. */
  watch(): void;
  /** Takes over what people asked of another process, up to the moment at which it let go. */
  readStatesAnew(): void;
  /** Opens the listeners for validator clients, one after the other. */
  listen(): Promise<void>;
  /** Groups that came or went wait for the next start: they open or close a listener. */
  reconfigure(config: SlotkeeperConfig, beforeEach: (group: string, nodes: UpstreamGroupConfig["nodes"]) => void): void;
  stopUpstreams(): Promise<void>;
}

export function wireGroups(
  role: RoleParts,
  parts: GatewayParts,
  { operatorStates, rings, metrics }: { operatorStates: OperatorStates; rings: GatewayRings; metrics: Registry },
): WiredGroups {
  const { clock, random, log, version } = role;
  const { config } = role.loaded;
  const configs = upstreamConfigs(config);
  const groups = new Map<string, RunningGroup>();
  const upstreams = new Map<string, UpstreamGroup>();

  /** Where what a group keeps lies; each kind adds its ending. */
  const groupFiles = (name: string) =>
    join(config.server.dataFolder, `${config.gateway.name}.${encodeURIComponent(name)}`);

  function watchNodes(name: string, upstreamConfig: UpstreamGroupConfig): void {
    const branchFile = branchChoiceFile(`${groupFiles(name)}.branch.json`, log);
    const upstream = parts.startUpstreamGroup({
      ...{ config: upstreamConfig, clock, random, log },
      loadOperatorStates: () => operatorStates.ofGroup(name),
      loadBranchChoice: () => branchFile.load(),
      saveBranchChoice: (choice) => branchFile.save(choice),
    });
    upstreams.set(name, upstream);
    upstream.onTransition(rings.record);
    upstream.onView(rings.changed);
    // Each node's own head is shown too: without this the others look a slot behind until the next change.
    upstream.onEvent((event) => {
      const arrival = readArrival(event);
      if (arrival) rings.arrivals.push({ ...arrival, group: name });
      if (event.topic === "head") rings.changed();
    });
  }

  async function listenFor(group: NodeGroup, upstream: UpstreamGroup, { nodes }: UpstreamGroupConfig): Promise<void> {
    const { name, tls } = group;
    const proxy = await parts.startGatewayGroup({
      ...{ name, upstream, nodes, metrics, clock, random },
      listen: listenOn(role.inherited, groupListener(name), group.listen),
      settings: { ...gatewaySettingsOf(config), ...clientRulesOf(config, group) },
      ...(tls && { tls: tlsTextsOf(tls) }),
      evidence: rings.evidence,
      replayStorePath: `${groupFiles(name)}.replay.json`,
      safetyStatePath: `${groupFiles(name)}.safety.json`,
      gatewayVersion: version,
      log: log.child({ group: name }),
    });
    groups.set(name, { name, isTls: tls !== undefined, upstream, proxy });
    log.info({ group: name, ...proxy.address }, "listening for validator clients");
  }

  return {
    groups,
    upstreams,
    watch() {
      for (const [name, upstreamConfig] of configs) watchNodes(name, upstreamConfig);
    },
    readStatesAnew() {
      for (const [name, upstream] of upstreams) {
        const states = operatorStates.ofGroup(name);
        for (const { node, operator } of upstream.statuses()) {
          const state = states[node] ?? "active";
          if (state !== operator) upstream.setOperatorState(node, state, "the process before");
        }
      }
    },
    async listen() {
      for (const group of config.groups) {
        const [upstream, upstreamConfig] = [upstreams.get(group.name), configs.get(group.name)];
        if (upstream && upstreamConfig) await listenFor(group, upstream, upstreamConfig);
      }
    },
    reconfigure(next, beforeEach) {
      for (const [name, { nodes, ...rest }] of upstreamConfigs({ ...next, network: config.network })) {
        const running = groups.get(name);
        if (!running) continue;
        beforeEach(name, nodes);
        running.upstream.reconfigure({ ...rest, nodes });
        running.proxy.reconfigure(nodes);
        const group = next.groups.find((one) => one.name === name);
        if (group) running.proxy.reload(clientRulesOf(next, group), group.tls && tlsTextsOf(group.tls));
      }
    },
    async stopUpstreams() {
      await Promise.all([...upstreams.values()].map((upstream) => upstream.stop()));
    },
  };
}
