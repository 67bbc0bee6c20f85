import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createControlClient, type ControlClient } from "../../control/client.ts";
import type { GroupStatus } from "../../control/types.ts";
import { startGatewayGroup } from "../../gateway/start-gateway-group.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLogger, type Logger } from "../../lib/log.ts";
import { createSimChain } from "../../sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../../sim/start-sim-beacon-node.ts";
import { startUpstreamGroup } from "../../upstream/start-upstream-group.ts";
import { requireConfig } from "../config/load.ts";
import type { RunningRole } from "../run-role.ts";
import { wireGateway } from "../wire-gateway.ts";

/** A real gateway over simulated nodes a, b …, its config and data in a folder of its own. */
export interface SimGateway {
  readonly folder: string;
  /** Where validator clients connect; another one after a restart. */
  readonly url: string;
  readonly control: ControlClient;
  node(name: string): SimBeaconNode;
  /** Resolves with the first status of the group that satisfies `isReached`. */
  groupWhere(isReached: (group: GroupStatus) => boolean): Promise<GroupStatus>;
  /** Sends JSON as a validator client does. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  stopGateway(): Promise<void>;
  startGateway(): Promise<void>;
  stop(): Promise<void>;
}

export const slotDurationMs = 2_000;

/** For tests. Nodes are ready when it resolves. */
export async function startSimGateway(names: readonly string[], log: Logger = silentLogger): Promise<SimGateway> {
  const folder = mkdtempSync(join(tmpdir(), "sk-sim-"));
  const genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 100 * slotDurationMs;
  const chain = createSimChain({ seed: "drain", preset: "minimal", slotDurationMs, genesisTimeMs, validators: 64 });
  const sims = await Promise.all(names.map((name) => startSimBeaconNode({ chain, clock: systemClock, name })));
  const list = sims.map(({ name, url }) => `{ name: ${name}, url: "${url}" }`).join(", ");
  const path = join(folder, "slotkeeper.yaml");
  writeFileSync(
    path,
    `nodes: [${list}]\ngroups: [{ name: main, listen: 127.0.0.1:0 }]\ngateway: { metricsListen: none }\n`,
  );
  const control = createControlClient({ kind: "socket", path: join(folder, "data", "gateway.sock") }, systemClock);
  let role: RunningRole | undefined;
  let url = "";

  async function groupWhere(isReached: (group: GroupStatus) => boolean): Promise<GroupStatus> {
    for (;;) {
      const group = (await control.status()).groups[0];
      if (group && isReached(group)) return group;
      await systemClock.sleep(20);
    }
  }

  async function startGateway(): Promise<void> {
    const parts = { inherited: new Map<string, number>(), clock: systemClock, random: () => 0.5, log };
    const loaded = await requireConfig(path, {});
    role = await wireGateway({ ...parts, loaded, version: "0.1.0" }, { startUpstreamGroup, startGatewayGroup });
    url = /http:\S+/.exec(role.greeting)?.[0] ?? "";
  }

  async function stopGateway(): Promise<void> {
    await role?.stop();
    role = undefined;
  }

  await startGateway();
  await groupWhere(({ view }) => view.kind === "serving" && view.ready.length === names.length);
  return {
    folder,
    get url() {
      return url;
    },
    control,
    node: (name) => sims.find((sim) => sim.name === name) as SimBeaconNode,
    groupWhere,
    post: (target, body, headers = {}) =>
      fetch(`${url}${target}`, {
        method: "POST",
        // A kept connection would hold the gateway's own drain up for a slot.
        headers: { "content-type": "application/json", connection: "close", ...headers },
        body: JSON.stringify(body),
      }),
    stopGateway,
    startGateway,
    async stop() {
      await stopGateway();
      for (const sim of sims) await sim.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
