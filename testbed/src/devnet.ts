import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createBeaconNode, waitForApi } from "./beacon-node.ts";
import { createClientProcess } from "./client-process.ts";
import type { ClientProcess } from "./client-process.ts";
import { DevnetError } from "./devnet-error.ts";
import { checkValidatorClient, readDevnetOptions } from "./devnet-options.ts";
import type { BeaconNode, Devnet, DevnetOptions, ValidatorClient, ValidatorClientOptions } from "./devnet-types.ts";
import { startExecutionStandIn } from "./execution-stand-in.ts";
import { findFreePorts } from "./free-ports.ts";
import { ensureGenesis, writeNetwork } from "./genesis.ts";
import { assertInstalled, beaconNodeArgs, lodestarEnv, numberedAddress, slotsPerEpoch } from "./lodestar.ts";
import { validatorClientArgs } from "./lodestar.ts";
import { startMesh } from "./mesh.ts";
import { startProcessGuard } from "./process-guard.ts";
import { createValidatorClient } from "./validator-client.ts";
import { waitUntil } from "./wait.ts";

export type * from "./devnet-types.ts";

/**
 * Starts beacon nodes on loopback ports and resolves when all answer and are connected to each other, before genesis
 * if `genesisDelaySeconds` allows. No validator client runs yet. An abort, now or later, ends the devnet.
 */
export async function startDevnet(options: DevnetOptions = {}, signal?: AbortSignal): Promise<Devnet> {
  const settings = readDevnetOptions(options);
  const slotDurationMs = settings.slotDurationSeconds * 1000;
  assertInstalled();
  signal?.throwIfAborted();
  const cachedGenesis = await ensureGenesis(settings.validators, settings.slotDurationSeconds, signal);

  const ownFolder = settings.runFolder === null ? await mkdtemp(join(tmpdir(), "slotkeeper-devnet-")) : null;
  const runFolder = resolve(ownFolder ?? settings.runFolder ?? ".");
  await mkdir(runFolder, { recursive: true });
  const guard = startProcessGuard(settings.keepRunFolder ? null : ownFolder);
  const standIn = await startExecutionStandIn();
  const networkFolder = join(runFolder, "network");
  const genesisTime = Math.ceil(Date.now() / 1000) + settings.genesisDelaySeconds;

  const clients: ClientProcess[] = [];
  const createClient = (name: string, args: readonly string[]): ClientProcess => {
    const client = createClientProcess({
      name,
      args,
      env: lodestarEnv,
      logFile: join(runFolder, `${name}.log`),
      guard,
    });
    clients.push(client);
    return client;
  };

  const ports = await findFreePorts(settings.nodes * 2);
  const nodes = Array.from({ length: settings.nodes }, (_, i): BeaconNode => {
    const name = `bn${i + 1}`;
    const [restPort = 0, p2pPort = 0] = ports.slice(i * 2);
    const dataFolder = join(runFolder, name);
    const elUrl = `${standIn.url}/${name}`;
    const feeRecipient = numberedAddress(i + 1);
    const { nodes: nodeCount, logs } = settings;
    const args = { networkFolder, dataFolder, restPort, p2pPort, nodeCount, elUrl, feeRecipient, logs };
    const client = createClient(name, beaconNodeArgs(args));
    return createBeaconNode({ client, restPort, p2pPort, dataFolder, standIn });
  });
  const mesh = startMesh(nodes);
  const validatorClients: ValidatorClient[] = [];

  let stopping: Promise<void> | null = null;
  const stopOnce = async (): Promise<void> => {
    await Promise.all([mesh.stop(), ...clients.map((client) => client.kill())]);
    await standIn.close();
    await guard.close();
  };
  const stop = (): Promise<void> => (stopping ??= stopOnce());

  try {
    await writeNetwork(cachedGenesis, networkFolder, genesisTime);
    for (const client of clients) client.start();
    const wait = { timeoutMs: 60_000, ...(signal === undefined ? {} : { signal }) };
    await Promise.all(clients.map((client, i) => waitForApi(client, nodes[i]?.url ?? "", wait)));
    await waitUntil("the nodes to be connected to each other", () => (mesh.isComplete ? true : null), wait);
  } catch (error) {
    await stop();
    throw error;
  }
  signal?.addEventListener("abort", () => void stop(), { once: true });

  return {
    nodes,
    validatorClients,
    runFolder,
    genesisTime,
    slotDurationMs,
    slotsPerEpoch,
    validators: settings.validators,
    node: (name) => {
      const found = nodes.find((node) => node.name === name);
      if (found !== undefined) return found;
      throw new DevnetError("bad-option", `No node ${name}; there are ${nodes.map((node) => node.name).join(", ")}`);
    },
    startValidatorClient: (vc: ValidatorClientOptions) => {
      if (stopping !== null) throw new DevnetError("not-running", `Start ${vc.name}: the devnet is stopped`);
      checkValidatorClient(
        vc,
        settings.validators,
        clients.map((client) => client.name),
      );
      const defaults = { feeRecipient: numberedAddress(255), extraArgs: [], logs: settings.logs };
      const args = validatorClientArgs({ ...defaults, ...vc, networkFolder, dataFolder: join(runFolder, vc.name) });
      const client = createClient(vc.name, args);
      client.start();
      const started = createValidatorClient(client, vc);
      validatorClients.push(started);
      return started;
    },
    payloads: standIn.payloads,
    currentSlot: (nowMs = Date.now()) => Math.floor((nowMs - genesisTime * 1000) / slotDurationMs),
    slotStartMs: (slot) => genesisTime * 1000 + slot * slotDurationMs,
    stop,
  };
}
