import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuditRecord } from "../../src/access/audit.ts";
import { requireConfig } from "../../src/app/config/load.ts";
import type { RunningRole } from "../../src/app/run-role.ts";
import { wireGateway } from "../../src/app/wire-gateway.ts";
import { createControlClient, type ControlClient } from "../../src/control/client.ts";
import { createDrillDesk, type OpenDesk } from "../../src/drills/create-desk.ts";
import { isFinalPhase, type DrillProgress, type DrillRecord, type DrillRequest } from "../../src/drills/types.ts";
import { startGatewayGroup } from "../../src/gateway/start-gateway-group.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import type { SimChain, SimChainOptions } from "../../src/sim/chain/types.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { startUpstreamGroup } from "../../src/upstream/start-upstream-group.ts";

const slotDurationMs = 2_000;

/** Simulated beacon nodes, the real gateway in this process, and a desk that drives it over its control socket. */
export interface DrillBed {
  chain: SimChain;
  nodes: readonly SimBeaconNode[];
  gatewayUrl: string;
  control: ControlClient;
  role: RunningRole;
  desk: OpenDesk;
  records: DrillRecord[];
  folder: string;
  /** Reads the configuration anew, with other text for bn1. */
  load(bn1?: string): ReturnType<typeof requireConfig>;
  /** Starts a drill on the node that serves, in group main, and resolves with its end. */
  drill(request: Partial<DrillRequest> & Pick<DrillRequest, "kind">): Promise<DrillProgress>;
  stop(): Promise<void>;
}

export interface DrillBedOptions {
  nodes?: number;
  allowFaults?: boolean;
  /** Beyond what the bed itself says of its chain. */
  chain?: Partial<SimChainOptions>;
  /** Puts something between the gateway and each node; resolves with the address to use instead. */
  between?: (name: string, url: string) => Promise<string>;
}

export async function startDrillBed(options: DrillBedOptions = {}): Promise<DrillBed> {
  const folder = mkdtempSync(join(tmpdir(), "sk-drill-"));
  const genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 60 * slotDurationMs;
  const chain = createSimChain({ seed: "drills", slotDurationMs, genesisTimeMs, validators: 64, ...options.chain });
  const names = Array.from({ length: options.nodes ?? 3 }, (_, index) => `bn${index + 1}`);
  const versions = ["Lodestar/v1.40.0/sim", "Lighthouse/v8.0.0/sim", "teku/v25.1.0/sim"];
  const nodes = await Promise.all(
    names.map((name, index) =>
      startSimBeaconNode({ chain, clock: systemClock, name, version: versions[index] ?? name }),
    ),
  );
  const path = join(folder, "slotkeeper.yaml");
  const { between = (_name, url) => Promise.resolve(url) } = options;
  const reached = await Promise.all(nodes.map(async ({ name, url }) => ({ name, url: await between(name, url) })));
  const load = (bn1 = reached[0]?.url ?? "") => {
    const list = reached.map(({ name, url }) => `{ name: ${name}, url: "${name === "bn1" ? bn1 : url}" }`).join(", ");
    const members = names.map((name, index) => `{ node: ${name}, priority: ${index} }`).join(", ");
    writeFileSync(
      path,
      `nodes: [${list}]\ngroups: [{ name: main, listen: 127.0.0.1:0, nodes: [${members}] }]\n` +
        `gateway: { metricsListen: none, allowFaults: ${options.allowFaults ?? true} }\n`,
    );
    return requireConfig(path, {});
  };
  const parts = { inherited: new Map<string, number>(), clock: systemClock, random: Math.random, log: silentLogger };
  const role = await wireGateway(
    { ...parts, loaded: await load(), version: "0.1.0" },
    { startUpstreamGroup, startGatewayGroup },
  );
  const control = createControlClient({ kind: "socket", path: join(folder, "data", "gateway.sock") }, systemClock);
  const records: DrillRecord[] = [];
  const desk = createDrillDesk({
    gateways: () => new Map([["gateway", control]]),
    ...{ clock: systemClock, random: Math.random, log: silentLogger },
    onEnded: (record) => Promise.resolve(records.push(record)),
  });
  const bed: DrillBed = {
    ...{ chain, nodes, control, role, desk, records, folder, load },
    gatewayUrl: /http:\/\/127\.0\.0\.1:\d+/.exec(role.greeting)?.[0] ?? "",
    async drill(request) {
      const node = (await control.status()).groups[0]?.view.ready[0] ?? "";
      const place = { gateway: "gateway", group: "main", node, by: "tests", isForced: true };
      const { id, phase } = await desk.start({ durationMs: 4_000, ...place, ...request });
      const find = () => desk.running().find((each) => each.id === id) as DrillProgress;
      if (!isFinalPhase(phase))
        await new Promise<void>((resolve) => {
          const unlisten = desk.onProgress((progress) => {
            if (progress.id !== id || !isFinalPhase(progress.phase)) return;
            unlisten();
            resolve();
          });
        });
      return find();
    },
    async stop() {
      await desk.stop();
      await role.stop();
      await Promise.all(nodes.map((node) => node.stop()));
      rmSync(folder, { recursive: true });
    },
  };
  await untilReady(bed, names);
  return bed;
}

/** What the gateway's own audit has. */
export function readAudit({ folder }: Pick<DrillBed, "folder">): AuditRecord[] {
  const lines = readFileSync(join(folder, "data", "gateway.audit.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as AuditRecord);
}

/** Resolves when these nodes are ready, the first of them first. */
export async function untilReady({ control }: Pick<DrillBed, "control">, names: readonly string[]): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(50)) {
    const view = (await control.status()).groups[0]?.view;
    if (view?.kind === "serving" && names.every((name) => view.ready.includes(name))) return;
  }
  throw new Error("the nodes did not become ready within 60 s");
}

/** Duty requests as a validator client makes them, one after the other on each of its lines, until stopped. */
export function startDutyTraffic({ gatewayUrl, chain }: Pick<DrillBed, "gatewayUrl" | "chain">) {
  const failures: string[] = [];
  let answered = 0;
  let isRunning = true;
  // Whoever proposes soon keeps the drills away.
  const proposers = Array.from({ length: 200 }, (_, ahead) => chain.slotAt(Date.now()) + ahead).map((slot) =>
    chain.proposerAt(chain.headAt(slot - 1), slot),
  );
  const idleValidators = Array.from({ length: 64 }, (_, index) => index)
    .filter((index) => !proposers.includes(index))
    .map(String);
  const json = { "content-type": "application/json" };
  const questions: readonly (() => Promise<Response>)[] = [
    () => ask(`/eth/v1/validator/attestation_data?slot=${chain.slotAt(Date.now())}&committee_index=0`),
    () => ask(`/eth/v1/validator/duties/proposer/${chain.epochOf(chain.slotAt(Date.now()))}`),
    () => post(`/eth/v1/validator/duties/attester/${chain.epochOf(chain.slotAt(Date.now()))}`, idleValidators),
    () => post("/eth/v1/validator/beacon_committee_subscriptions", [subscription()]),
    () => ask("/eth/v1/beacon/blocks/head/root"),
    () => ask("/eth/v3/validator/blocks/" + String(chain.slotAt(Date.now())) + `?randao_reveal=0x${"ab".repeat(96)}`),
    () => ask("/eth/v1/beacon/states/head/validators?id=1"),
  ];
  const subscription = () => ({
    ...{ validator_index: idleValidators[0], committee_index: "0", committees_at_slot: "1" },
    ...{ slot: String(chain.slotAt(Date.now()) + 2), is_aggregator: false },
  });
  const ask = (path: string) => fetch(`${gatewayUrl}${path}`);
  const post = (path: string, body: unknown) =>
    fetch(`${gatewayUrl}${path}`, { method: "POST", headers: json, body: JSON.stringify(body) });

  async function line(question: () => Promise<Response>): Promise<void> {
    for (; isRunning; await sleep(40)) {
      try {
        const response = await question();
        const text = await response.text();
        if (response.status >= 500) failures.push(`${response.url}: ${response.status} ${text.slice(0, 200)}`);
        else answered++;
      } catch (error) {
        failures.push(String(error));
      }
    }
  }

  const lines = questions.map(line);
  return {
    failures,
    get answered() {
      return answered;
    },
    async stop() {
      isRunning = false;
      await Promise.all(lines);
    },
  };
}
