import { rm } from "node:fs/promises";
import { getJson } from "./beacon-api.ts";
import { asClient, type ClientProcess } from "./client-process.ts";
import { DevnetError } from "./devnet-error.ts";
import type { BeaconNode, ExecutionMode, WaitOptions } from "./devnet-types.ts";
import type { ExecutionStandIn } from "./execution-stand-in.ts";
import { isPortFree } from "./free-ports.ts";
import { waitUntil } from "./wait.ts";

export type BeaconNodeParts = {
  client: ClientProcess;
  restPort: number;
  p2pPort: number;
  dataFolder: string;
  standIn: ExecutionStandIn;
};

/** A beacon node and its execution stand-in. The client is given, not started. */
export function createBeaconNode({ client, restPort, p2pPort, dataFolder, standIn }: BeaconNodeParts): BeaconNode {
  const url = `http://127.0.0.1:${restPort}`;
  const restart: BeaconNode["restart"] = async ({ wipe = false, ...wait } = {}) => {
    await client.kill();
    if (wipe) await rm(dataFolder, { recursive: true, force: true, maxRetries: 3 });
    await waitUntil(
      `ports ${restPort} and ${p2pPort} of ${client.name} to be free`,
      async () => ((await isPortFree(restPort)) && (await isPortFree(p2pPort)) ? true : null),
      { ...wait, timeoutMs: 10_000 },
    );
    client.start();
    await waitForApi(client, url, wait);
  };
  let isIsolated = false;
  return asClient(client, {
    url,
    get isIsolated() {
      return isIsolated;
    },
    isolate: () => void (isIsolated = true),
    rejoin: () => void (isIsolated = false),
    p2pPort,
    elPath: `/${client.name}`,
    elUrl: `${standIn.url}/${client.name}`,
    get execution() {
      return standIn.mode(client.name);
    },
    setExecution: (mode: ExecutionMode) => standIn.setMode(client.name, mode),
    restart,
  });
}

/** Waits until the node answers on its REST port; throws with the end of its log if it ends before. */
export function waitForApi(client: ClientProcess, url: string, options: WaitOptions = {}): Promise<true> {
  return waitUntil(
    `${client.name} to answer on ${url}`,
    async (signal) => {
      const exit = client.lastExit();
      if (exit !== null) {
        const tail = (await client.logLines()).slice(-5).join("\n");
        const how = exit.signal ?? `exit code ${exit.code}`;
        throw new DevnetError("client-ended", `Start ${client.name}: it ended with ${how}; its log ends:\n${tail}`);
      }
      await getJson(url, "/eth/v1/node/version", { signal, timeoutMs: 1_000 });
      return true as const;
    },
    { everyMs: 100, ...options },
  );
}
